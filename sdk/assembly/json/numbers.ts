import { Bytes } from "../bytes";

/** The largest integer that every JSON implementation keeps exactly: 2^53 - 1. */
export const LARGEST_INTEGER: i64 = 9007199254740991;

/** What `parseInteger` answers when a number is no such integer. */
export const NO_INTEGER: i64 = i64.MIN_VALUE;

/** Whether a text is a number by RFC 8259: no leading zeros, no sign +, digits on both sides of the point. */
export function isNumber(text: Bytes): bool {
  let at = text[0] == 0x2d ? 1 : 0;
  const integerEnd = digitsEnd(text, at);
  if (integerEnd == at || (text[at] == 0x30 && integerEnd > at + 1)) return false;
  at = integerEnd;
  if (text[at] == 0x2e) {
    const fractionEnd = digitsEnd(text, at + 1);
    if (fractionEnd == at + 1) return false;
    at = fractionEnd;
  }
  if ((text[at] | 0x20) == 0x65) {
    const first = text[at + 1] == 0x2b || text[at + 1] == 0x2d ? at + 2 : at + 1;
    at = digitsEnd(text, first);
    if (at == first) return false;
  }
  return at == text.length;
}

/**
 * The integer that a JSON number stands for, in any spelling: `1e3` and `1000.0` are 1000. `NO_INTEGER` when it has a
 * fraction or is beyond 2^53 - 1. The text must satisfy `isNumber`.
 */
export function parseInteger(text: Bytes): i64 {
  const isNegative = text[0] == 0x2d;
  let digits: i64 = 0;
  let scale = 0;
  let at = isNegative ? 1 : 0;
  for (let isFraction = false; at < text.length && (text[at] | 0x20) != 0x65; at++) {
    if (text[at] == 0x2e) {
      isFraction = true;
      continue;
    }
    if (digits > LARGEST_INTEGER) return NO_INTEGER;
    digits = digits * 10 + (text[at] - 0x30);
    if (isFraction) scale--;
  }
  const scaled = scaleBy(digits, scale + exponent(text, at + 1));
  return scaled == NO_INTEGER || !isNegative ? scaled : -scaled;
}

function digitsEnd(text: Bytes, at: i32): i32 {
  while (at < text.length && <u32>text[at] - 0x30 < 10) at++;
  return at;
}

/** The exponent whose sign or first digit stands at `at`, clamped far beyond what an integer could take; 0 for none. */
function exponent(text: Bytes, at: i32): i32 {
  const isNegative = text[at] == 0x2d;
  if (isNegative || text[at] == 0x2b) at++;
  let exponent = 0;
  for (; at < text.length; at++) exponent = min(exponent * 10 + (text[at] - 0x30), 100000000);
  return isNegative ? -exponent : exponent;
}

function scaleBy(digits: i64, exponent: i32): i64 {
  if (digits == 0) return 0;
  for (; exponent < 0; exponent++) {
    if (digits % 10 != 0) return NO_INTEGER;
    digits /= 10;
  }
  for (; exponent > 0 && digits <= LARGEST_INTEGER; exponent--) digits *= 10;
  return digits <= LARGEST_INTEGER ? digits : NO_INTEGER;
}
