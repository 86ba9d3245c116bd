import { Bytes, utf8 } from "../bytes";
import { decodeUtf8, encodeUtf8, ILL_FORMED } from "../bytes/unicode";

const LETTERS = '"\\/bfnrt';
const MEANINGS = '"\\/\b\f\n\r\t';

/** Reads the strings of a JSON text; one without escapes is a view of the text. */
export class JsonStrings {
  /** Why the text was refused first; no text while nothing is wrong. */
  protected problem: string = "";
  /** What is read next. */
  protected at: usize;
  protected readonly end: usize;

  constructor(protected readonly text: Bytes) {
    this.at = text.start;
    this.end = text.start + text.length;
  }

  /** The bytes between quotes, the first of which comes next; null when they are refused. */
  protected quoted(): Bytes | null {
    const from = this.at + 1;
    let isPlain = true;
    for (let at = from; at < this.end;) {
      const byte = load<u8>(at);
      if (byte == 0x22) {
        this.at = at + 1;
        const raw = this.text.viewAt(from, <i32>(at - from));
        return isPlain ? raw : this.resolve(raw);
      }
      if (byte < 0x20) return this.refuseString("a control character in a string must be escaped");
      const sequence = decodeUtf8(at, this.end);
      if (<u32>sequence == ILL_FORMED) return this.refuseString("a string is not well-formed UTF-8");
      if (byte == 0x5c) isPlain = false;
      at += byte == 0x5c ? 2 : <usize>(sequence >> 32);
    }
    return this.refuseString("a string is not closed");
  }

  /** Keeps what is wrong, if it is the first. */
  protected keep(problem: string): void {
    if (this.problem.length == 0) this.problem = problem;
  }

  private refuseString(problem: string): Bytes | null {
    this.keep(problem);
    return null;
  }

  /** Copies a string with its escapes resolved; what they stand for is never longer than they are. */
  private resolve(raw: Bytes): Bytes | null {
    const resolved = Bytes.copyOf(raw.start, raw.length);
    let to = resolved.start;
    for (let i = 0; i < raw.length;) {
      const escape = raw[i] == 0x5c ? readEscape(raw, i) : 0;
      if (<u32>escape == ILL_FORMED) return this.refuseString("a string holds a malformed escape");
      if (escape == 0) store<u8>(to++, raw[i++]);
      else {
        to += encodeUtf8(<u32>escape, to);
        i += <i32>(escape >> 32);
      }
    }
    return resolved.slice(0, <i32>(to - resolved.start));
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
  for (let i = 0; i < LETTERS.length; i++) {
    if (utf8(LETTERS)[i] == letter) return utf8(MEANINGS)[i];
  }
  return ILL_FORMED;
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
