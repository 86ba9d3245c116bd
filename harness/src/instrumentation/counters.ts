import { u32 } from "./encoding.ts";
import { pageBytes } from "./memory-cap.ts";

/** The bytes of one counter, which is a number of 64 bits and never full. */
const counterBytes = 8;
const [i32Constant, i64Constant, i64Add, i64Load, i64Store] = [0x41, 0x42, 0x7c, 0x29, 0x37];
/** Of an address: whole words, and a memory that is named. */
const [wordAligned, ofMemory] = [3, 0x40];

/** Adds one to a counter in a memory; leaves the stack as it was. */
export function count(memory: number, counter: number): number[] {
  const place = [wordAligned | ofMemory, ...u32(memory), ...u32(counter * counterBytes)];
  return [
    ...[i32Constant, 0, i32Constant, 0, i64Load, ...place],
    ...[i64Constant, 1, i64Add, i64Store, ...place],
  ];
}

/** A memory of so many counters, as an entry of its section. */
export function counterMemory(counters: number): number[] {
  const pages = u32(Math.ceil((counters * counterBytes) / pageBytes));
  return [1, ...pages, ...pages];
}
