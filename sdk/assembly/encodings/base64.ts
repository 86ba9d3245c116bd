import { Bytes, utf8 } from "../bytes";
import { makeBytes } from "./block";

const PADDING: u8 = 0x3d;

/** What no character of the alphabet stands for. */
const NO_SEXTET: u32 = 64;

/**
 * The bytes in base64, padded. Source: RFC 4648, section 4.
 *
 * @category Encodings and hashes
 */
export function encodeBase64(bytes: Bytes): Bytes {
  const alphabet = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  return encode(bytes, alphabet, true);
}

/**
 * The bytes that a padded base64 text stands for; null when it is none to the letter: each character of the alphabet,
 * padded to a multiple of four, no bits left over, so that no two texts stand for the same bytes. Source: RFC 4648,
 * section 4.
 *
 * @category Encodings and hashes
 */
export function decodeBase64(text: Bytes): Bytes | null {
  if (text.length % 4 != 0) return null;
  return decode(text.slice(0, text.length - paddingLength(text)), 0x2b, 0x2f);
}

/**
 * The bytes in base64 for URLs, without padding. Source: RFC 4648, section 5, as RFC 7515 takes it.
 *
 * @category Encodings and hashes
 */
export function encodeBase64Url(bytes: Bytes): Bytes {
  const alphabet = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  return encode(bytes, alphabet, false);
}

/**
 * The bytes that a text in base64 for URLs stands for, which has no padding; otherwise as `decodeBase64`. Source:
 * RFC 4648, section 5, as RFC 7515 takes it.
 *
 * @category Encodings and hashes
 */
export function decodeBase64Url(text: Bytes): Bytes | null {
  return decode(text, 0x2d, 0x5f);
}

function encode(bytes: Bytes, alphabet: Bytes, isPadded: bool): Bytes {
  const text = makeBytes(<i32>((<u32>bytes.length + 2) / 3) * 4);
  let to = text.start;
  for (let i = 0; i < bytes.length; i += 3, to += 4) {
    const bits = ((<u32>bytes[i]) << 16) | ((<u32>bytes[i + 1]) << 8) | bytes[i + 2];
    store<u8>(to, alphabet[bits >> 18], 0);
    store<u8>(to, alphabet[(bits >> 12) & 63], 1);
    store<u8>(to, alphabet[(bits >> 6) & 63], 2);
    store<u8>(to, alphabet[bits & 63], 3);
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  if (!isPadded) return text.slice(0, text.length - missing);
  for (let i = 1; i <= missing; i++) store<u8>(to - i, PADDING);
  return text;
}

function paddingLength(text: Bytes): i32 {
  if (text[text.length - 1] != PADDING) return 0;
  return text[text.length - 2] == PADDING ? 2 : 1;
}

/** Decodes what stands before the padding; `plus` and `slash` are the characters for 62 and 63. */
function decode(text: Bytes, plus: u32, slash: u32): Bytes | null {
  if (text.length % 4 == 1) return null;
  const bytes = makeBytes((text.length >> 2) * 3 + (((text.length & 3) * 3) >> 2));
  let to = bytes.start;
  let bits: u32 = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const sextet = sextetOf(load<u8>(text.start + i), plus, slash);
    if (sextet == NO_SEXTET) return null;
    bits = (bits << 6) | sextet;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    store<u8>(to++, bits >> count);
  }
  return (bits & ((1 << count) - 1)) == 0 ? bytes : null;
}

function sextetOf(byte: u32, plus: u32, slash: u32): u32 {
  if (byte - 0x61 < 26) return byte - 0x61 + 26;
  if (byte - 0x41 < 26) return byte - 0x41;
  if (byte - 0x30 < 10) return byte - 0x30 + 52;
  if (byte == plus) return 62;
  return byte == slash ? 63 : NO_SEXTET;
}
