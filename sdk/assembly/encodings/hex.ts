import { Bytes } from "../bytes";
import { makeBytes } from "./block";

/** What no digit stands for. */
const NO_DIGIT: u32 = 16;

/**
 * The bytes in hexadecimal digits, two a byte, lower case. Source: RFC 4648, section 8.
 *
 * @category Encodings and hashes
 */
export function encodeHex(bytes: Bytes): Bytes {
  const text = makeBytes(bytes.length << 1);
  for (let i = 0; i < bytes.length; i++) {
    store<u8>(text.start + (i << 1), digitOf(bytes[i] >> 4), 0);
    store<u8>(text.start + (i << 1), digitOf(bytes[i] & 15), 1);
  }
  return text;
}

/**
 * The bytes that hexadecimal digits stand for, in either case; null when their number is odd or something else stands
 * among them. Source: RFC 4648, section 8.
 *
 * @category Encodings and hashes
 */
export function decodeHex(text: Bytes): Bytes | null {
  if (text.length % 2 != 0) return null;
  const bytes = makeBytes(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = valueOf(text[i << 1]);
    const low = valueOf(text[(i << 1) + 1]);
    if (high == NO_DIGIT || low == NO_DIGIT) return null;
    store<u8>(bytes.start + i, (high << 4) | low);
  }
  return bytes;
}

function digitOf(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x57 + value);
}

function valueOf(digit: u32): u32 {
  if (digit - 0x30 < 10) return digit - 0x30;
  const letter = (digit | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : NO_DIGIT;
}
