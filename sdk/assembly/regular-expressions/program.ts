/** A program longer than this is refused: each byte of a text costs at most so many steps. */
export const MOST_INSTRUCTIONS = 1000;

/** What an instruction does; those that take a byte go on with the next instruction and the next byte. */
export enum Op {
  /** Takes the byte that is the operand. */
  Byte,
  /** Takes a byte of the set whose number is the operand. */
  Set,
  /** Goes on with the next instruction, and with the one that is the operand away. */
  Split,
  /** Goes on with the instruction that is the operand away. */
  Jump,
  TextBegin,
  TextEnd,
  WordBoundary,
  NoWordBoundary,
  /** The text matches when it ends here. */
  Match,
}

/**
 * The instructions of an expression. Targets are distances, so that a piece of a program can be moved and copied as it
 * is. An instruction is 32 bits: its `Op` in the low 8, its operand, signed, in the others.
 */
export class Program {
  private code: StaticArray<u32> = new StaticArray<u32>(MOST_INSTRUCTIONS);
  /** The byte sets one after the other, 8 words of 32 bits each. */
  private readonly sets: u32[] = [];
  /** How many instructions there are. */
  length: i32 = 0;
  /** Whether an instruction had no room: the program is useless then. */
  isTooLong: bool = false;

  /** Appends an instruction. */
  emit(op: Op, operand: i32 = 0): void {
    if (this.hasRoomFor(1)) this.code[this.length++] = instruction(op, operand);
  }

  /** Appends an instruction that takes any byte of a set. */
  emitSet(words: StaticArray<u32>): void {
    this.emit(Op.Set, this.sets.length >> 3);
    for (let i = 0; i < 8; i++) this.sets.push(words[i]);
  }

  /** Puts a split before the instruction at `start`, to what is appended next. */
  splitBefore(start: i32): void {
    if (!this.hasRoomFor(1)) return;
    const from = this.addressOf(start);
    memory.copy(from + 4, from, (this.length - start) << 2);
    this.length++;
    this.code[start] = instruction(Op.Split, this.length - start);
  }

  /** Lets the split or jump at `index` lead to what is appended next. */
  leadHere(index: i32): void {
    if (!this.isTooLong) this.code[index] = (this.code[index] & 0xff) | ((this.length - index) << 8);
  }

  /** Repeats what was emitted from `start` on, from `least` to `most` times; without end when `most` is -1. */
  repeat(start: i32, least: i32, most: i32): void {
    const size = this.length - start;
    if (most == 0) this.length = start;
    if (most == 0 || size == 0) return;
    if (least == 0) this.makeOptional(start, size, most);
    else {
      for (let i = 1; i < least && !this.isTooLong; i++) this.copy(start, size);
      if (most < 0) this.emit(Op.Split, -size);
      else this.appendOptional(start, size, most - least);
    }
  }

  /** Gives back the room that no instruction took. */
  trim(): void {
    const code = new StaticArray<u32>(this.length);
    memory.copy(changetype<usize>(code), changetype<usize>(this.code), this.length << 2);
    this.code = code;
  }

  /** The instruction at a place, which must be below `length`. */
  // @ts-ignore: decorator
  @inline
  at(index: i32): u32 {
    return unchecked(this.code[index]);
  }

  /** Whether the set with this number holds a byte. */
  // @ts-ignore: decorator
  @inline
  setHolds(set: i32, byte: u32): bool {
    return ((unchecked(this.sets[(set << 3) + (byte >> 5)]) >> (byte & 31)) & 1) != 0;
  }

  private makeOptional(start: i32, size: i32, most: i32): void {
    this.splitBefore(start);
    if (most < 0) {
      this.emit(Op.Jump, -size - 1);
      this.leadHere(start);
      return;
    }
    this.appendOptional(start + 1, size, most - 1);
    this.leadHere(start);
  }

  /** Appends up to `count` copies, each of which may be the end. */
  private appendOptional(from: i32, size: i32, count: i32): void {
    const begin = this.length;
    for (let i = 0; i < count && !this.isTooLong; i++) {
      this.emit(Op.Split);
      this.copy(from, size);
    }
    for (let i = 0; i < count; i++) this.leadHere(begin + i * (size + 1));
  }

  private copy(from: i32, size: i32): void {
    if (!this.hasRoomFor(size)) return;
    memory.copy(this.addressOf(this.length), this.addressOf(from), size << 2);
    this.length += size;
  }

  private hasRoomFor(count: i32): bool {
    if (this.length + count > MOST_INSTRUCTIONS) this.isTooLong = true;
    return !this.isTooLong;
  }

  private addressOf(index: i32): usize {
    return changetype<usize>(this.code) + (index << 2);
  }
}

/** What an instruction does. */
// @ts-ignore: decorator
@inline
export function opOf(instruction: u32): Op {
  return <Op>(instruction & 0xff);
}

function instruction(op: Op, operand: i32): u32 {
  return (<u32>op) | (operand << 8);
}
