import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";

/** The text of an expression as it is read; what is wrong with it ends the reading. */
export class Pattern {
  /** The place of the byte that is read next. */
  at: i32 = 0;
  /** The byte that is read next; 0 at the end. */
  next: u32;
  /** What is wrong first, with its place; null while nothing is. */
  problem: string | null = null;

  constructor(private readonly text: Bytes) {
    this.next = text[0];
  }

  /** Whether nothing is left to be read. */
  get isAtEnd(): bool {
    return this.at >= this.text.length;
  }

  /** The byte that is so far behind the next one; 0 beyond the end. */
  ahead(distance: i32): u32 {
    return this.text[this.at + distance];
  }

  /** Reads on at a place. */
  moveTo(at: i32): void {
    this.at = at;
    this.next = this.text[at];
  }

  /** Reads one byte. */
  take(): u32 {
    const byte = this.next;
    this.moveTo(this.at + 1);
    return byte;
  }

  /** Reads a byte, which is not 0, if it is this one. */
  takes(byte: u32): bool {
    if (this.next != byte) return false;
    this.take();
    return true;
  }

  /** Whether these bytes come next. */
  continuesWith(bytes: Bytes): bool {
    return this.text.slice(this.at).startsWith(bytes);
  }

  /** Reads a decimal number of at most 4 digits; -1 when there is none. */
  takeNumber(): i32 {
    let number = -1;
    for (let i = 0; i < 4 && this.next - 0x30 < 10; i++)
      number = max(number, 0) * 10 + <i32>(this.take() - 0x30);
    return number;
  }

  /** Reads two hexadecimal digits; -1 when there are none. */
  takeHex(): i32 {
    const high = hexDigit(this.next);
    const low = hexDigit(this.ahead(1));
    if (high < 0 || low < 0) return -1;
    this.moveTo(this.at + 2);
    return (high << 4) | low;
  }

  /** Keeps what is wrong at a place. */
  refuse(reason: string, at: i32): void {
    if (this.problem === null) this.problem = reason + " at " + decimal(at);
    this.moveTo(this.text.length);
  }
}

/** The value of a hexadecimal digit in either case; -1 for any other byte. */
function hexDigit(byte: u32): i32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : -1;
}
