const LONGEST = 20;
const digits: usize = memory.data(LONGEST);

/** Where the digits that `writeDecimal` wrote end. */
export const DECIMAL_END: usize = digits + LONGEST;

/** Writes a whole number in decimal digits, ASCII, and returns where they begin. The next call overwrites them. */
export function writeDecimal(value: i64): usize {
  let at = DECIMAL_END;
  let rest: u64 = value < 0 ? -value : value;
  do {
    store<u8>(--at, 0x30 + <u8>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  if (value < 0) store<u8>(--at, 0x2d);
  return at;
}

/** A whole number in decimal digits. AssemblyScript's `toString` does the same with 700 bytes more of code and tables. */
export function decimal(value: i64): string {
  const first = writeDecimal(value);
  const text = __new((DECIMAL_END - first) << 1, idof<String>());
  for (let at = first; at < DECIMAL_END; at++) store<u16>(text + ((at - first) << 1), load<u8>(at));
  return changetype<string>(text);
}
