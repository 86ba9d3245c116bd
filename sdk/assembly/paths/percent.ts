import { Bytes } from "../bytes";
import { hexValue } from "../encodings/hex-digits";

/** The byte that `%41` stands for, whose `%` is at `at`; -1 when no two hexadecimal digits follow it. */
export function escapedByte(text: Bytes, at: i32): i32 {
  const high = hexValue(text[at + 1]);
  const low = hexValue(text[at + 2]);
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/**
 * What a part of a query stands for: percent-decoded once, `+` as a space; null when an escape is malformed. Source: WHATWG
 * URL, "application/x-www-form-urlencoded parsing", which keeps such escapes.
 *
 * @category Conditions
 */
export function decodeQueryPart(text: Bytes): Bytes | null {
  if (!isEncoded(text)) return text;
  const block = new ArrayBuffer(text.length);
  const start = changetype<usize>(block);
  let to = start;
  for (let i = 0; i < text.length; i++) {
    let byte: i32 = text[i];
    if (byte == 0x25) {
      byte = escapedByte(text, i);
      if (byte < 0) return null;
      i += 2;
    } else if (byte == 0x2b) byte = 0x20;
    store<u8>(to++, byte);
  }
  return Bytes.fromBuffer(block).slice(0, <i32>(to - start));
}

function isEncoded(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    if (text[i] == 0x25 || text[i] == 0x2b) return true;
  }
  return false;
}
