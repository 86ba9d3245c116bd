import { Bytes, utf8 } from "../bytes";
import { decimal } from "../bytes/decimal";
import { addByte, addNamed, beginSet, ignoreCase, invertSet } from "./byte-set";
import { readClass } from "./class-reader";
import { readEscape } from "./escape";
import { Pattern } from "./pattern";
import { MOST_INSTRUCTIONS, Op, Program } from "./program";
import { isRepetition, readRepetition } from "./repetition";

/** Groups nested deeper than this are refused: each level takes some of the stack. */
const MOST_NESTED = 100;

/** Makes the program of an expression while it reads it. Source: RE2, "Syntax". */
export class ExpressionParser extends Pattern {
  readonly program: Program = new Program();
  private depth: i32 = 0;

  constructor(
    text: Bytes,
    private ignoresCase: bool,
  ) {
    super(text);
  }

  /** Reads all of it; what is wrong with it, null when nothing is. */
  parse(): string | null {
    if (this.continuesWith(utf8("(?i)"))) {
      this.moveTo(4);
      this.ignoresCase = true;
    }
    this.readAlternatives();
    if (!this.isAtEnd) this.refuse("unmatched )", this.at);
    this.program.finish();
    if (this.program.isTooLong) this.refuse("longer than " + decimal(MOST_INSTRUCTIONS) + " instructions", 0);
    return this.problem;
  }

  private readAlternatives(): void {
    const ends: i32[] = [];
    for (;;) {
      const start = this.program.length;
      this.readSequence();
      if (!this.takes(0x7c)) break;
      this.program.emit(Op.Jump, 0);
      this.program.splitBefore(start);
      ends.push(this.program.length - 1);
    }
    for (let i = 0; i < ends.length; i++) this.program.leadHere(ends[i]);
  }

  private readSequence(): void {
    while (!this.isAtEnd && this.next != 0x7c && this.next != 0x29) {
      if (this.program.isTooLong) this.moveTo(i32.MAX_VALUE);
      else this.readRepeated();
    }
  }

  private readRepeated(): void {
    const start = this.program.length;
    const at = this.at;
    if (isRepetition(this.next)) return this.refuse("nothing to repeat", at);
    const isAssertion = this.readAtom();
    if (!isRepetition(this.next)) return;
    if (isAssertion) return this.refuse("nothing to repeat", this.at);
    const times = readRepetition(this);
    this.program.repeat(start, times.least, times.most);
    if (isRepetition(this.next)) this.refuse("a repetition of a repetition", this.at);
  }

  /** Reads what a repetition could follow; true when it is an assertion, which none may follow. */
  private readAtom(): bool {
    const byte = this.take();
    if (byte == 0x5e) return this.emitAssertion(Op.TextBegin);
    if (byte == 0x24) return this.emitAssertion(Op.TextEnd);
    if (byte == 0x5c) return this.readEscaped();
    if (byte == 0x28) this.readGroup();
    else if (byte == 0x5b || byte == 0x2e) this.readSet(byte);
    else this.emitCharacter(byte);
    return false;
  }

  private emitAssertion(op: Op): bool {
    this.program.emit(op, 0);
    return true;
  }

  /** Reads a class, or any byte. */
  private readSet(first: u32): void {
    if (first == 0x5b) readClass(this, this.ignoresCase);
    else {
      beginSet();
      invertSet();
    }
    this.program.emitSet();
  }

  private readEscaped(): bool {
    const letter = this.next;
    beginSet();
    if (letter == 0x62 || letter == 0x42 || addNamed(letter)) {
      this.take();
      if (letter == 0x62) return this.emitAssertion(Op.WordBoundary);
      if (letter == 0x42) return this.emitAssertion(Op.NoWordBoundary);
      this.program.emitSet();
    } else this.emitByte(readEscape(this));
    return false;
  }

  private readGroup(): void {
    const opened = this.at - 1;
    if (++this.depth > MOST_NESTED)
      return this.refuse("groups nested deeper than " + decimal(MOST_NESTED), opened);
    if (this.takes(0x3f)) this.readGroupKind(opened);
    this.readAlternatives();
    if (!this.takes(0x29)) this.refuse("unmatched (", opened);
    this.depth--;
  }

  private readGroupKind(opened: i32): void {
    if (this.takes(0x3a)) return;
    const kind = this.next;
    const isBehind = kind == 0x3c && (this.ahead(1) == 0x3d || this.ahead(1) == 0x21);
    let reason = "a flag other than (?i) as the beginning";
    if (kind == 0x3c || kind == 0x50) reason = "a group with a name";
    if (kind == 0x3d || kind == 0x21 || isBehind)
      reason = "a look-around, which takes more than linear time,";
    this.refuse(reason, opened);
  }

  /** A character of several bytes is one piece, so that a repetition repeats all of it. */
  private emitCharacter(first: u32): void {
    this.emitByte(first);
    if (first < 0xc0) return;
    while (this.next >> 6 == 2) this.emitByte(this.take());
  }

  private emitByte(byte: u32): void {
    if (!this.ignoresCase || (byte | 0x20) - 0x61 >= 26) return this.program.emit(Op.Byte, byte);
    beginSet();
    addByte(byte);
    ignoreCase();
    this.program.emitSet();
  }
}
