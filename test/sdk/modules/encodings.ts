import {
  Bytes,
  decodeBase64,
  decodeBase64Url,
  decodeHex,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
} from "as-proxy-wasm";

export function toBase64(bytes: ArrayBuffer): ArrayBuffer {
  return toBuffer(encodeBase64(Bytes.fromBuffer(bytes)));
}

export function fromBase64(text: ArrayBuffer): ArrayBuffer | null {
  return orNull(decodeBase64(Bytes.fromBuffer(text)));
}

export function toBase64Url(bytes: ArrayBuffer): ArrayBuffer {
  return toBuffer(encodeBase64Url(Bytes.fromBuffer(bytes)));
}

export function fromBase64Url(text: ArrayBuffer): ArrayBuffer | null {
  return orNull(decodeBase64Url(Bytes.fromBuffer(text)));
}

export function toHex(bytes: ArrayBuffer): ArrayBuffer {
  return toBuffer(encodeHex(Bytes.fromBuffer(bytes)));
}

export function fromHex(text: ArrayBuffer): ArrayBuffer | null {
  return orNull(decodeHex(Bytes.fromBuffer(text)));
}

function orNull(bytes: Bytes | null): ArrayBuffer | null {
  return bytes === null ? null : toBuffer(bytes);
}

function toBuffer(bytes: Bytes): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  memory.copy(changetype<usize>(buffer), bytes.start, bytes.length);
  return buffer;
}
