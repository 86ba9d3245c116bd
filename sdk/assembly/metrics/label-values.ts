import { Bytes } from "../bytes";
import { hexDigit } from "../encodings/hex-digits";

/** A longer value is cut: a series is kept for ever, and so is its name. */
export const LONGEST_VALUE = 100;

/** The part of a label's value that counts: its first 100 bytes. */
// @ts-ignore: decorator
@inline
export function cutLabelValue(value: Bytes): Bytes {
  return value.length <= LONGEST_VALUE ? value : value.slice(0, LONGEST_VALUE);
}

/**
 * A label as a part of a metric's name, `{method=GET}`. What would end the value early, is no printable ASCII, or is read
 * as something else further on (`%`, `"`, `\`) is written as `%7D`, so that a value can never pose as another.
 */
export function encodeLabel(label: string, value: Bytes): string {
  return "{" + label + "=" + percentEncoded(value).toString() + "}";
}

function percentEncoded(value: Bytes): Bytes {
  const encoded = Bytes.fromBuffer(new ArrayBuffer(value.length * 3));
  let at = encoded.start;
  for (let i = 0; i < value.length; i++) {
    const byte = value[i];
    if (isPlain(byte)) {
      store<u8>(at++, byte);
      continue;
    }
    store<u8>(at, 0x25);
    store<u8>(at, hexDigit(byte >> 4), 1);
    store<u8>(at, hexDigit(byte & 15), 2);
    at += 3;
  }
  return encoded.slice(0, <i32>(at - encoded.start));
}

/** Printable ASCII but `"`, `%`, `\`, `{` and `}`. */
function isPlain(byte: u8): bool {
  if (byte < 0x20 || byte > 0x7e) return false;
  return byte != 0x22 && byte != 0x25 && byte != 0x5c && byte != 0x7b && byte != 0x7d;
}
