import { Bytes } from "../bytes";
import { makeBytes } from "./block";
import { hexDigit, hexValue } from "./hex-digits";

/**
 * The bytes in hexadecimal digits, two a byte, lower case. Source: RFC 4648, section 8.
 *
 * @category Encodings and hashes
 */
export function encodeHex(bytes: Bytes): Bytes {
  const text = makeBytes(bytes.length << 1);
  for (let i = 0; i < bytes.length; i++) {
    store<u8>(text.start + (i << 1), lowerCase(hexDigit(bytes[i] >> 4)), 0);
    store<u8>(text.start + (i << 1), lowerCase(hexDigit(bytes[i] & 15)), 1);
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
    const high = hexValue(text[i << 1]);
    const low = hexValue(text[(i << 1) + 1]);
    if (high < 0 || low < 0) return null;
    store<u8>(bytes.start + i, (high << 4) | low);
  }
  return bytes;
}

/** The decimal digits have this bit anyhow. */
function lowerCase(digit: u8): u8 {
  return digit | 0x20;
}
