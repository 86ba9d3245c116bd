/** A set of bytes, while an expression is read. */
export class ByteSet {
  /** One bit for each byte, in 8 words. */
  readonly words: StaticArray<u32> = new StaticArray<u32>(8);

  /** Adds a byte. */
  add(byte: u32): void {
    this.words[byte >> 5] |= 1 << (byte & 31);
  }

  /** Adds the bytes from `first` to `last`, both of them. */
  addRange(first: u32, last: u32): void {
    for (let byte = first; byte <= last; byte++) this.add(byte);
  }

  /** Adds what another set holds. */
  addAll(other: ByteSet): void {
    for (let i = 0; i < 8; i++) this.words[i] |= other.words[i];
  }

  /** Whether a byte is in it. */
  has(byte: u32): bool {
    return ((this.words[byte >> 5] >> (byte & 31)) & 1) != 0;
  }

  /** Adds the other case of each ASCII letter. */
  ignoreCase(): void {
    for (let letter: u32 = 0x61; letter <= 0x7a; letter++) {
      const other = letter - 0x20;
      if (this.has(letter)) this.add(other);
      if (this.has(other)) this.add(letter);
    }
  }

  /** Holds from now on what it did not hold. */
  invert(): void {
    for (let i = 0; i < 8; i++) this.words[i] = ~this.words[i];
  }
}

/** The set of `\d`, `\w`, `\s` or one of their negations `\D`, `\W`, `\S`; null for any other letter. */
export function namedSet(letter: u32): ByteSet | null {
  const set = new ByteSet();
  const name = letter | 0x20;
  if (name == 0x64 || name == 0x77) set.addRange(0x30, 0x39);
  if (name == 0x77) {
    set.addRange(0x41, 0x5a);
    set.addRange(0x61, 0x7a);
    set.add(0x5f);
  }
  if (name == 0x73) {
    set.addRange(0x09, 0x0d);
    set.add(0x20);
  }
  if (!set.has(0x30) && !set.has(0x20)) return null;
  if (letter < 0x61) set.invert();
  return set;
}

/** Whether a byte is a letter, a digit or `_`. */
export function isWordByte(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x5f;
}
