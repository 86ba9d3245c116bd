/** The set that is being read: a bit for each byte, in 8 words of 32 bits. */
// @ts-ignore: decorator
@lazy
export const SET: usize = memory.data(32, 4);

/** How many bytes a set takes. */
export const SET_SIZE: i32 = 32;

/** Begins a set, which holds nothing. */
export function beginSet(): void {
  memory.fill(SET, 0, SET_SIZE);
}

/** Adds a byte. */
export function addByte(byte: u32): void {
  const at = SET + (byte >> 3);
  store<u8>(at, <u8>((<u32>load<u8>(at)) | (1 << (byte & 7))));
}

/** Adds the set of `\d`, `\w`, `\s` or one of their negations `\D`, `\W`, `\S`; false for any other letter. */
export function addNamed(letter: u32): bool {
  const name = letter | 0x20;
  if (name != 0x64 && name != 0x73 && name != 0x77) return false;
  const isInverted = letter < 0x61;
  for (let byte: u32 = 0; byte < 256; byte++) if (isNamed(name, byte) != isInverted) addByte(byte);
  return true;
}

/** Adds the other case of each ASCII letter. */
export function ignoreCase(): void {
  for (let letter: u32 = 0x61; letter <= 0x7a; letter++) {
    if (!holds(letter) && !holds(letter - 0x20)) continue;
    addByte(letter);
    addByte(letter - 0x20);
  }
}

/** Holds from now on what it did not hold. */
export function invertSet(): void {
  for (let i = 0; i < SET_SIZE; i++) store<u8>(SET + i, ~load<u8>(SET + i));
}

/** Whether a byte is a letter, a digit or `_`. */
export function isWordByte(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x5f;
}

function holds(byte: u32): bool {
  return (((<u32>load<u8>(SET + (byte >> 3))) >> (byte & 7)) & 1) != 0;
}

function isNamed(name: u32, byte: u32): bool {
  if (name == 0x77) return isWordByte(byte);
  return name == 0x64 ? byte - 0x30 < 10 : byte == 0x20 || byte - 0x09 < 5;
}
