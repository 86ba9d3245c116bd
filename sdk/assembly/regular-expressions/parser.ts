import { Bytes, utf8 } from "../bytes";
import { decimal } from "../bytes/decimal";
import { ByteSet, namedSet } from "./byte-set";
import { readClass } from "./class-reader";
import { readEscape } from "./escape";
import { Pattern } from "./pattern";
import { MOST_INSTRUCTIONS, Op, Program } from "./program";
import { isRepetition, readRepetition } from "./repetition";

/** Groups nested deeper than this are refused: each level takes some of the stack. */
const MOST_NESTED = 100;

/** Makes the program of an expression while it reads it. Source: RE2, "Syntax". */
export class ExpressionParser {
  readonly program: Program = new Program();
  private readonly pattern: Pattern;
  private depth: i32 = 0;

  constructor(
    text: Bytes,
    private ignoresCase: bool,
  ) {
    this.pattern = new Pattern(text);
  }

  /** Reads all of it; what is wrong with it, null when nothing is. */
  parse(): string | null {
    const pattern = this.pattern;
    if (pattern.continuesWith(utf8("(?i)"))) {
      pattern.at = 4;
      this.ignoresCase = true;
    }
    this.readAlternatives();
    if (!pattern.isAtEnd) pattern.refuse("unmatched )", pattern.at);
    this.program.emit(Op.Match);
    if (this.program.isTooLong)
      pattern.refuse("longer than " + decimal(MOST_INSTRUCTIONS) + " instructions", 0);
    this.program.trim();
    return pattern.problem;
  }

  private readAlternatives(): void {
    const ends: i32[] = [];
    let start = this.program.length;
    this.readSequence();
    while (this.pattern.takes(0x7c)) {
      this.program.emit(Op.Jump);
      this.program.splitBefore(start);
      ends.push(this.program.length - 1);
      start = this.program.length;
      this.readSequence();
    }
    for (let i = 0; i < ends.length; i++) this.program.leadHere(ends[i]);
  }

  private readSequence(): void {
    while (!this.pattern.isAtEnd && this.pattern.next != 0x7c && this.pattern.next != 0x29) {
      if (this.program.isTooLong) this.pattern.at = i32.MAX_VALUE;
      else this.readRepeated();
    }
  }

  private readRepeated(): void {
    const start = this.program.length;
    const at = this.pattern.at;
    if (isRepetition(this.pattern.next)) return this.pattern.refuse("nothing to repeat", at);
    const isAssertion = this.readAtom();
    if (!isRepetition(this.pattern.next)) return;
    if (isAssertion) return this.pattern.refuse("nothing to repeat", this.pattern.at);
    const times = readRepetition(this.pattern);
    this.program.repeat(start, times.least, times.most);
    if (isRepetition(this.pattern.next)) this.pattern.refuse("a repetition of a repetition", this.pattern.at);
  }

  /** Reads what a repetition could follow; true when it is an assertion, which none may follow. */
  private readAtom(): bool {
    const byte = this.pattern.take();
    if (byte == 0x5e || byte == 0x24) {
      this.program.emit(byte == 0x5e ? Op.TextBegin : Op.TextEnd);
      return true;
    }
    if (byte == 0x5c) return this.readEscaped();
    if (byte == 0x28) this.readGroup();
    else if (byte == 0x5b) this.program.emitSet(readClass(this.pattern, this.ignoresCase).words);
    else if (byte == 0x2e) this.emitAny();
    else this.emitCharacter(byte);
    return false;
  }

  private readEscaped(): bool {
    const letter = this.pattern.next;
    if (letter == 0x62 || letter == 0x42) {
      this.pattern.at++;
      this.program.emit(letter == 0x62 ? Op.WordBoundary : Op.NoWordBoundary);
      return true;
    }
    const named = namedSet(letter);
    if (named === null) this.emitByte(readEscape(this.pattern));
    else {
      this.pattern.at++;
      this.program.emitSet(named.words);
    }
    return false;
  }

  private readGroup(): void {
    const opened = this.pattern.at - 1;
    if (++this.depth > MOST_NESTED)
      return this.pattern.refuse("groups nested deeper than " + decimal(MOST_NESTED), opened);
    if (this.pattern.takes(0x3f)) this.readGroupKind(opened);
    this.readAlternatives();
    if (!this.pattern.takes(0x29)) this.pattern.refuse("unmatched (", opened);
    this.depth--;
  }

  private readGroupKind(opened: i32): void {
    const pattern = this.pattern;
    if (pattern.takes(0x3a)) return;
    const kind = pattern.next;
    const isBehind = kind == 0x3c && (pattern.ahead(1) == 0x3d || pattern.ahead(1) == 0x21);
    if (kind == 0x3d || kind == 0x21 || isBehind)
      return pattern.refuse("a look-around, which takes more than linear time,", opened);
    if (kind == 0x3c || kind == 0x50) return pattern.refuse("a group with a name", opened);
    pattern.refuse("a flag other than (?i) as the beginning", opened);
  }

  /** A character of several bytes is one piece, so that a repetition repeats all of it. */
  private emitCharacter(first: u32): void {
    this.emitByte(first);
    if (first < 0xc0) return;
    while (this.pattern.next >> 6 == 2) this.emitByte(this.pattern.take());
  }

  private emitByte(byte: u32): void {
    if (!this.ignoresCase || (byte | 0x20) - 0x61 >= 26) return this.program.emit(Op.Byte, byte);
    const set = new ByteSet();
    set.add(byte);
    set.ignoreCase();
    this.program.emitSet(set.words);
  }

  private emitAny(): void {
    const set = new ByteSet();
    set.invert();
    this.program.emitSet(set.words);
  }
}
