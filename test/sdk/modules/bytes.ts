import { Bytes, isHeaderValue, utf8 } from "as-proxy-wasm";

export function decode(buffer: ArrayBuffer): string {
  return Bytes.fromBuffer(buffer).toString();
}

export function encode(text: string): ArrayBuffer {
  return toBuffer(Bytes.fromString(text));
}

export function equals(left: ArrayBuffer, right: ArrayBuffer): bool {
  return Bytes.fromBuffer(left).equals(Bytes.fromBuffer(right));
}

export function equalsConstantTime(left: ArrayBuffer, right: ArrayBuffer): bool {
  return Bytes.fromBuffer(left).equalsConstantTime(Bytes.fromBuffer(right));
}

export function concat(left: ArrayBuffer, right: ArrayBuffer): ArrayBuffer {
  return toBuffer(Bytes.fromBuffer(left).concat(Bytes.fromBuffer(right)));
}

export function equalsIgnoreCase(left: ArrayBuffer, right: ArrayBuffer): bool {
  return Bytes.fromBuffer(left).equalsIgnoreCase(Bytes.fromBuffer(right));
}

export function startsWith(bytes: ArrayBuffer, prefix: ArrayBuffer): bool {
  return Bytes.fromBuffer(bytes).startsWith(Bytes.fromBuffer(prefix));
}

export function endsWith(bytes: ArrayBuffer, suffix: ArrayBuffer): bool {
  return Bytes.fromBuffer(bytes).endsWith(Bytes.fromBuffer(suffix));
}

export function indexOf(bytes: ArrayBuffer, needle: ArrayBuffer, from: i32): i32 {
  return Bytes.fromBuffer(bytes).indexOf(Bytes.fromBuffer(needle), from);
}

export function slice(bytes: ArrayBuffer, from: i32, to: i32): ArrayBuffer {
  return toBuffer(Bytes.fromBuffer(bytes).slice(from, to));
}

export function trim(bytes: ArrayBuffer): ArrayBuffer {
  return toBuffer(Bytes.fromBuffer(bytes).trim());
}

export function fromInteger(value: i64): ArrayBuffer {
  return toBuffer(Bytes.fromInteger(value));
}

export function headerValue(bytes: ArrayBuffer): bool {
  return isHeaderValue(Bytes.fromBuffer(bytes));
}

export function at(bytes: ArrayBuffer, index: i32): u8 {
  return Bytes.fromBuffer(bytes)[index];
}

export function hash(bytes: ArrayBuffer): u32 {
  return Bytes.fromBuffer(bytes).hash();
}

export function literal(): ArrayBuffer {
  return toBuffer(utf8("naïve \u{1F600}"));
}

export function emptyLiteralLength(): i32 {
  return utf8("").length;
}

/** Whether a literal is the same object each time, and so allocates nothing. */
export function isLiteralConstant(): bool {
  return same() === same();
}

function same(): Bytes {
  return utf8("x-api-key");
}

function toBuffer(bytes: Bytes): ArrayBuffer {
  return changetype<ArrayBuffer>(bytes.copy().start);
}
