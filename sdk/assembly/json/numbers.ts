import { Bytes } from "../bytes";

/** The largest integer that every JSON implementation keeps exactly: 2^53 - 1. */
export const LARGEST_INTEGER: i64 = 9007199254740991;

/** What `parseInteger` answers when a number is no such integer. */
export const NO_INTEGER: i64 = i64.MIN_VALUE;

/** What the digits that were read last come to; when they are too many, an odd number beyond `LARGEST_INTEGER`. */
let digits: i64 = 0;
/** What the digits of the number come to, the point left out. */
let significand: i64 = 0;
/** By which power of ten that is to be multiplied. */
let scale: i64 = 0;

/** Whether a text is a number by RFC 8259: no leading zeros, no sign +, digits on both sides of the point. */
export function isNumber(text: Bytes): bool {
  const first = text[0] == 0x2d ? 1 : 0;
  digits = 0;
  let at = takeDigits(text, first);
  if (at == first || (text[first] == 0x30 && at > first + 1)) return false;
  scale = 0;
  if (text[at] == 0x2e) {
    const point = at + 1;
    at = takeDigits(text, point);
    if (at == point) return false;
    scale = point - at;
  }
  significand = digits;
  if ((text[at] | 0x20) == 0x65) {
    digits = 0;
    const sign = text[++at];
    if (sign == 0x2b || sign == 0x2d) at++;
    const exponent = at;
    at = takeDigits(text, exponent);
    if (at == exponent) return false;
    scale += sign == 0x2d ? -digits : digits;
  }
  return at == text.length;
}

/**
 * The integer that a JSON number stands for, in any spelling: `1e3` and `1000.0` are 1000. `NO_INTEGER` when it has a
 * fraction or is beyond 2^53 - 1, and when the text is no number.
 */
export function parseInteger(text: Bytes): i64 {
  if (!isNumber(text) || !scaleDigits()) return NO_INTEGER;
  return text[0] == 0x2d ? -significand : significand;
}

/** Reads digits, as the last ones of those read before; where they end. */
function takeDigits(text: Bytes, at: i32): i32 {
  for (; <u32>text[at] - 0x30 < 10; at++)
    digits = isTooLarge(digits) ? digits | 1 : digits * 10 + (text[at] - 0x30);
  return at;
}

/** Makes the scale 0; false when that leaves no integer, or one that is too large. */
function scaleDigits(): bool {
  if (significand == 0) return true;
  for (; scale < 0; scale++) {
    if (significand % 10 != 0) return false;
    significand /= 10;
  }
  for (; scale > 0 && !isTooLarge(significand); scale--) significand *= 10;
  return !isTooLarge(significand);
}

function isTooLarge(number: i64): bool {
  return number >> 53 != 0;
}
