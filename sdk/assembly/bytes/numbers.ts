import { Bytes } from "../bytes";

/** Beyond any size that a message can have, and far from overflow. */
const LARGEST: i64 = i64.MAX_VALUE / 16;

/** The value of decimal digits; -1 when there are none or something else stands among them. Large ones are all alike. */
export function wholeNumber(digits: Bytes): i64 {
  if (digits.length == 0) return -1;
  let value: i64 = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = <i64>digits[i] - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = min(value * 10 + digit, LARGEST);
  }
  return value;
}
