import { Bytes, HmacSha256, hmacSha256, Sha256, sha256, SipHash } from "as-proxy-wasm";

export function digest(bytes: ArrayBuffer): ArrayBuffer {
  return toBuffer(sha256(Bytes.fromBuffer(bytes)));
}

/** The digest of bytes that are added so many at a time. */
export function digestInParts(buffer: ArrayBuffer, partLength: i32): ArrayBuffer {
  const hash = new Sha256();
  const bytes = Bytes.fromBuffer(buffer);
  for (let i = 0; i < bytes.length; i += partLength) hash.update(bytes.slice(i, i + partLength));
  return toBuffer(hash.digest());
}

export function hmac(key: ArrayBuffer, bytes: ArrayBuffer): ArrayBuffer {
  return toBuffer(new HmacSha256(Bytes.fromBuffer(key)).update(Bytes.fromBuffer(bytes)).digest());
}

/** The code of the first `length` bytes and then the rest. */
export function hmacOfTwo(key: ArrayBuffer, buffer: ArrayBuffer, length: i32): ArrayBuffer {
  const bytes = Bytes.fromBuffer(buffer);
  return toBuffer(hmacSha256(Bytes.fromBuffer(key), [bytes.slice(0, length), bytes.slice(length)]));
}

export function sipHash(key: ArrayBuffer, bytes: ArrayBuffer): u64 {
  return new SipHash(Bytes.fromBuffer(key)).hash(Bytes.fromBuffer(bytes));
}

function toBuffer(bytes: Bytes): ArrayBuffer {
  return changetype<ArrayBuffer>(bytes.start);
}
