import { Bytes } from "../bytes";
import { SET, SET_SIZE } from "./byte-set";

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

/** Where a program is made, and later run: no two at the same time. */
// @ts-ignore: decorator
@lazy
export const WORKPLACE: usize = memory.data(8000, 8);

/**
 * The instructions of an expression. Targets are distances, so that a piece of a program can be moved and copied as it
 * is. An instruction is 32 bits: its `Op` in the low 8, its operand, signed, in the others.
 */
export class Program {
  /** All instructions, once they are complete, and where they stand. */
  private code: Bytes = Bytes.EMPTY;
  private start: usize = 0;
  /** The byte sets one after the other, 8 words of 32 bits each. */
  private readonly sets: u32[] = [];
  /** How many instructions there are. */
  length: i32 = 0;
  /** Whether an instruction had no room: the program is useless then. */
  isTooLong: bool = false;

  /** Appends an instruction. */
  emit(op: Op, operand: i32): void {
    if (this.hasRoomFor(1)) store<u32>(addressOf(this.length++), instruction(op, operand));
  }

  /** Appends an instruction that takes any byte of the set that was read. */
  emitSet(): void {
    this.emit(Op.Set, this.sets.length >> 3);
    for (let at = SET; at < SET + SET_SIZE; at += 4) this.sets.push(load<u32>(at));
  }

  /** Puts a split before the instruction at `start`, to what is appended next. */
  splitBefore(start: i32): void {
    if (!this.hasRoomFor(1)) return;
    const from = addressOf(start);
    memory.copy(from + 4, from, (this.length - start) << 2);
    this.length++;
    store<u32>(from, instruction(Op.Split, this.length - start));
  }

  /** Lets the split or jump at `index` lead to what is appended next. */
  leadHere(index: i32): void {
    if (this.isTooLong) return;
    const at = addressOf(index);
    store<u32>(at, instruction(opOf(load<u32>(at)), this.length - index));
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

  /** Takes the instructions from where they were made. */
  finish(): void {
    this.emit(Op.Match, 0);
    this.code = Bytes.copyOf(WORKPLACE, this.length << 2);
    this.start = this.code.start;
  }

  /** The instruction at a place, which must be below `length`. */
  // @ts-ignore: decorator
  @inline
  at(index: i32): u32 {
    return load<u32>(this.start + (index << 2));
  }

  /** Whether the set with this number holds a byte. */
  // @ts-ignore: decorator
  @inline
  setHolds(set: i32, byte: u32): bool {
    return ((unchecked(this.sets[(set << 3) + (byte >> 5)]) >> (byte & 31)) & 1) != 0;
  }

  private makeOptional(start: i32, size: i32, most: i32): void {
    this.splitBefore(start);
    if (most < 0) this.emit(Op.Jump, -size - 1);
    else this.appendOptional(start + 1, size, most - 1);
    this.leadHere(start);
  }

  /** Appends up to `count` copies, each of which may be the end. */
  private appendOptional(from: i32, size: i32, count: i32): void {
    const begin = this.length;
    for (let i = 0; i < count && !this.isTooLong; i++) {
      this.emit(Op.Split, 0);
      this.copy(from, size);
    }
    for (let i = 0; i < count; i++) this.leadHere(begin + i * (size + 1));
  }

  private copy(from: i32, size: i32): void {
    if (!this.hasRoomFor(size)) return;
    memory.copy(addressOf(this.length), addressOf(from), size << 2);
    this.length += size;
  }

  private hasRoomFor(count: i32): bool {
    if (this.length + count > MOST_INSTRUCTIONS) this.isTooLong = true;
    return !this.isTooLong;
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

function addressOf(index: i32): usize {
  return WORKPLACE + (index << 2);
}
