import { Bytes } from "../bytes";
import { decodeUtf8, encodeUtf8, ILL_FORMED } from "../bytes/unicode";

/** Reads the strings of a JSON text; one without escapes is a view of the text. */
export class JsonStrings {
  /** Why the last string was refused. */
  problem: string = "";
  /** Where the last string ended, or where it was refused. */
  end: usize = 0;

  constructor(private readonly text: Bytes) {}

  /** The bytes between the quotes, the first of which stands at `at`; null when they are refused. */
  read(at: usize): Bytes | null {
    const from = at + 1;
    if (!this.findEnd(from)) return null;
    const first = <i32>(from - this.text.start);
    const raw = this.text.slice(first, first + <i32>(this.end - 1 - from));
    return raw.indexOf(Bytes.fromString("\\")) < 0 ? raw : this.resolve(raw);
  }

  /** Steps to behind the closing quote, and checks what stands before it, escapes excepted. */
  private findEnd(at: usize): bool {
    const limit = this.text.start + this.text.length;
    while (at < limit) {
      const byte = load<u8>(at);
      const sequence = decodeUtf8(at, limit);
      this.end = at + 1;
      if (byte == 0x22) return true;
      if (byte < 0x20) return this.refuse("a control character in a string must be escaped");
      if (<u32>sequence == ILL_FORMED) return this.refuse("a string is not well-formed UTF-8");
      at += byte == 0x5c ? 2 : <usize>(sequence >> 32);
    }
    this.end = limit;
    return this.refuse("a string is not closed");
  }

  /** Copies a string with its escapes resolved; what they stand for is never longer than they are. */
  private resolve(raw: Bytes): Bytes | null {
    const block = new ArrayBuffer(raw.length);
    const start = changetype<usize>(block);
    let to = start;
    for (let i = 0; i < raw.length;) {
      if (raw[i] != 0x5c) {
        store<u8>(to++, raw[i++]);
        continue;
      }
      const escape = readEscape(raw, i);
      if (<u32>escape == ILL_FORMED) {
        this.refuse("a string holds a malformed escape");
        return null;
      }
      to += encodeUtf8(<u32>escape, to);
      i += <i32>(escape >> 32);
    }
    return Bytes.fromBuffer(block).slice(0, <i32>(to - start));
  }

  private refuse(problem: string): bool {
    this.problem = problem;
    return false;
  }
}

/** The code point of the escape at `at`, and in the high 32 bits its length; `ILL_FORMED` also for a lone surrogate. */
function readEscape(raw: Bytes, at: i32): u64 {
  const letter = raw[at + 1];
  if (letter != 0x75) return ((<u64>2) << 32) | simpleEscape(letter);
  const unit = hexUnit(raw, at + 2);
  if (unit >> 11 != 0x1b) return ((<u64>6) << 32) | unit;
  const low = raw[at + 6] == 0x5c && raw[at + 7] == 0x75 ? hexUnit(raw, at + 8) : ILL_FORMED;
  if (unit >= 0xdc00 || low >> 10 != 0x37) return ILL_FORMED;
  return ((<u64>12) << 32) | (0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff));
}

function simpleEscape(letter: u8): u32 {
  if (letter == 0x22 || letter == 0x5c || letter == 0x2f) return letter;
  if (letter == 0x62) return 0x08;
  if (letter == 0x66) return 0x0c;
  if (letter == 0x6e) return 0x0a;
  if (letter == 0x72) return 0x0d;
  return letter == 0x74 ? 0x09 : ILL_FORMED;
}

function hexUnit(raw: Bytes, at: i32): u32 {
  let unit: u32 = 0;
  for (let i = at; i < at + 4; i++) {
    const byte: u32 = raw[i];
    const letter = (byte | 0x20) - 0x61;
    if (byte - 0x30 >= 10 && letter >= 6) return ILL_FORMED;
    unit = (unit << 4) | (byte - 0x30 < 10 ? byte - 0x30 : letter + 10);
  }
  return unit;
}
