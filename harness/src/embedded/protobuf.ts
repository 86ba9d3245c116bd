import { concatBytes } from "./body-buffer.ts";

// As much of protobuf's binary form as the host's own messages need. Source: protobuf.dev, "Encoding".

/** A field of bytes, text or a message. */
export function bytesField(field: number, content: Uint8Array): Uint8Array {
  return concatBytes([varint((field << 3) | 2), varint(content.length), content]);
}

/** A field of an integer or a bool. */
export function varintField(field: number, value: number): Uint8Array {
  return concatBytes([varint(field << 3), varint(value)]);
}

/** A field of a double. */
export function doubleField(field: number, value: number): Uint8Array {
  return concatBytes([varint((field << 3) | 1), encodeDouble(value)]);
}

export function encodeDouble(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** The fields of a message of varints and bytes, the last one of each number; null when it is malformed. */
export function decodeFields(message: Uint8Array): Map<number, number | Uint8Array> | null {
  const fields = new Map<number, number | Uint8Array>();
  let at = 0;
  const readVarint = (): number => {
    for (let value = 0, scale = 1; at < message.length; scale *= 0x80) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = readVarint();
    const value = readVarint();
    if (Number.isNaN(value) || (tag & 5) !== 0) return null;
    fields.set(tag >> 3, (tag & 7) === 0 ? value : message.slice(at, (at += value)));
    if (at > message.length) return null;
  }
  return fields;
}

/** A field of text; "" when it is not there, or is none. */
export function textIn(field: Uint8Array | number | undefined): string {
  return new TextDecoder().decode(bytesIn(field));
}

/** A field of bytes; none when it is not there, or is a number. */
export function bytesIn(field: Uint8Array | number | undefined): Uint8Array {
  return field === undefined || typeof field === "number" ? new Uint8Array() : field;
}

function varint(value: number): Uint8Array {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Uint8Array.from([...bytes, value]);
}
