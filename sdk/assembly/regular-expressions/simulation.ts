import { Bytes } from "../bytes";
import { isWordByte } from "./byte-set";
import { MOST_INSTRUCTIONS, Op, opOf, Program, WORKPLACE } from "./program";

// ╒═ a list of instructions, each at most once, as a sparse set ════════════════════╕
// │ 0     which are in it, in the order in which they came, 16 bits each           │
// │ 2000  for each instruction its place in that order, or whatever was there      │
const PLACES: usize = MOST_INSTRUCTIONS * 2;
const LIST_SIZE: usize = PLACES * 2;

/** The instructions that wait for the byte at hand; those that wait for the byte behind it. */
let current: usize = 0;
let next: usize = 0;
let currentCount = 0;
let nextCount = 0;

/** How many instructions the last run looked at: for proofs that time is linear. */
export let steps: i32 = 0;

/**
 * Whether a program takes the whole of a text. All ways through the program are followed at once, byte by byte, and no
 * instruction is looked at twice for the same byte. Source: K. Thompson, "Regular Expression Search Algorithm", 1968.
 */
export function accepts(program: Program, text: Bytes): bool {
  current = WORKPLACE;
  next = WORKPLACE + LIST_SIZE;
  currentCount = 0;
  steps = 0;
  follow(0);
  for (let i = 0; i <= text.length && currentCount != 0; i++) {
    if (followAll(program, text, i)) return true;
    const passed = current;
    current = next;
    next = passed;
    currentCount = nextCount;
  }
  return false;
}

/** Follows every instruction that waits at a byte; true when the text ends there and one of them is a match. */
function followAll(program: Program, text: Bytes, at: i32): bool {
  nextCount = 0;
  let isMatched = false;
  for (let i = 0; i < currentCount; i++) {
    const index = load<u16>(current + (i << 1));
    const instruction = program.at(index);
    if (opOf(instruction) <= Op.Set) takeByte(program, text, at, index);
    else if (opOf(instruction) == Op.Match) isMatched = at == text.length;
    else followEmpty(instruction, text, at, index);
  }
  steps += currentCount;
  return isMatched;
}

// @ts-ignore: decorator
@inline
function takeByte(program: Program, text: Bytes, at: i32, index: i32): void {
  if (at == text.length) return;
  const byte: u32 = load<u8>(text.start + at);
  const instruction = program.at(index);
  const operand = (<i32>instruction) >> 8;
  const isTaken = opOf(instruction) == Op.Byte ? byte == <u32>operand : program.setHolds(operand, byte);
  if (isTaken) nextCount = add(next, nextCount, index + 1);
}

function followEmpty(instruction: u32, text: Bytes, at: i32, index: i32): void {
  const operand = (<i32>instruction) >> 8;
  switch (opOf(instruction)) {
    case Op.Split:
      follow(index + 1);
    case Op.Jump:
      return follow(index + operand);
    case Op.TextBegin:
      if (at == 0) follow(index + 1);
      return;
    case Op.TextEnd:
      if (at == text.length) follow(index + 1);
      return;
    default:
      if (isWordBoundary(text, at) == (opOf(instruction) == Op.WordBoundary)) follow(index + 1);
  }
}

function isWordBoundary(text: Bytes, at: i32): bool {
  return isWordByte(text[at - 1]) != isWordByte(text[at]);
}

function follow(index: i32): void {
  currentCount = add(current, currentCount, index);
}

// @ts-ignore: decorator
@inline
function add(list: usize, count: i32, index: i32): i32 {
  const place: i32 = load<u16>(list + PLACES + (index << 1));
  if (place < count && load<u16>(list + (place << 1)) == index) return count;
  store<u16>(list + (count << 1), index);
  store<u16>(list + PLACES + (index << 1), count);
  return count + 1;
}
