/** A number in LEB128, as WebAssembly writes its unsigned integers. */
export function encodeNumber(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Uint8Array.of(...bytes, value);
}

/** Reads numbers in LEB128, and what they say the length of, from first to last. */
export class NumberReader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** So many bytes. */
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Bytes with their number before them. */
  block() {
    return this.take(this.number());
  }
}

/** Bytes with their number before them. */
export function encodeBlock(bytes) {
  return joinBytes([encodeNumber(bytes.length), bytes]);
}

/** All parts, one behind the other. */
export function joinBytes(parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
