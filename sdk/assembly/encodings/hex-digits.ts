/** What a hexadecimal digit in either case stands for; -1 when it is none. */
export function hexValue(digit: u32): i32 {
  if (digit - 0x30 < 10) return digit - 0x30;
  const letter = (digit | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : -1;
}

/** The hexadecimal digit of a value from 0 to 15, in upper case. */
export function hexDigit(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x37 + value);
}
