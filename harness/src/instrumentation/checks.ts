import { s32, u32 } from "./encoding.ts";

/** The numbers that what was added has in the module. */
export interface Added {
  /** The type of what the host is asked, `() -> i32`, and the next one, `() -> ()`. */
  readonly type: number;
  /** The table whose only function the host sets. */
  readonly table: number;
  /** What is left of the budget, and whether memory was refused since the host set it to 0. */
  readonly budget: number;
  readonly refusedGrowth: number;
  /** The function that asks the host, and traps when that says so. */
  readonly check: number;
  /** The memory of counters, where there are any. */
  readonly counters: number;
}

/** The host is asked after so many turns of loops in which something is called, or calls within a ring. */
const budget = 1024;
/** It is asked after so many turns of other loops of one function. */
const leafTurns = 65_536;
/** A bulk operation counts as one turn for each 4 KiB. */
const bulkShift = 12;
/** To ask for memory takes as long as so many turns. */
const growthTurns = 32;

const [i32, empty] = [0x7f, 0x40];
const [unreachable, ifThen, end, giveBack, callFunction, callIndirect] = [0x00, 0x04, 0x0b, 0x0f, 0x10, 0x11];
const [tableGet, isNull] = [0x25, 0xd1];
const [localGet, localSet, localTee, globalGet, globalSet] = [0x20, 0x21, 0x22, 0x23, 0x24];
const [constant, lessSigned, equal, atLeast] = [0x41, 0x48, 0x46, 0x4f];
const [add, subtract, shiftRight] = [0x6a, 0x6b, 0x76];

/** Locals of a function that the code below uses, each by its number. */
export interface CheckLocals {
  /** Any value. */
  readonly scratch: number;
  /** Counts the turns of the function's leaf loops, from 0. */
  readonly turns: number;
}

/** In a loop without calls: a local counts, which V8 keeps in a register. */
export function leafCheck({ check }: Added, { turns }: CheckLocals): number[] {
  return [
    ...[localGet, ...u32(turns), constant, 1, add, localTee, ...u32(turns)],
    ...[constant, ...s32(leafTurns), atLeast, ifThen, empty],
    ...[callFunction, ...u32(check), constant, 0, localSet, ...u32(turns), end],
  ];
}

/** In every other loop, and where a function within a ring of calls begins: all of them share one budget. */
export function budgetCheck({ check, budget: left }: Added, { scratch }: CheckLocals): number[] {
  return [
    ...[globalGet, ...u32(left), constant, 1, subtract, localTee, ...u32(scratch), globalSet, ...u32(left)],
    ...[localGet, ...u32(scratch), constant, 0, lessSigned, ifThen, empty],
    ...[callFunction, ...u32(check), end],
  ];
}

/** Before an operation whose length is on top of the stack: the next check knows how long it took. */
export function bulkCharge({ budget: left }: Added, { scratch }: CheckLocals): number[] {
  return [
    ...[localSet, ...u32(scratch), globalGet, ...u32(left), localGet, ...u32(scratch)],
    ...[constant, bulkShift, shiftRight, subtract, globalSet, ...u32(left), localGet, ...u32(scratch)],
  ];
}

/** After `memory.grow`: whether it was refused, and what it took. */
export function growthNote({ refusedGrowth, budget: left }: Added, { scratch }: CheckLocals): number[] {
  return [
    ...[globalGet, ...u32(left), constant, growthTurns, subtract, globalSet, ...u32(left)],
    ...[localTee, ...u32(scratch), constant, ...s32(-1), equal, ifThen, empty],
    ...[constant, 1, globalSet, ...u32(refusedGrowth), end, localGet, ...u32(scratch)],
  ];
}

/** The types, as entries of their section. */
export const addedTypes = [0x60, 0, 1, i32, 0x60, 0, 0];
/** A table of one function. */
export const addedTable = [0x70, 0x00, 1];
/** The globals, both of which can be set. */
export const addedGlobals = [i32, 1, constant, ...s32(budget), end, i32, 1, constant, 0, end];

/** The body of the function that asks the host, its length first. While the module is instantiated nobody is there. */
export function checkFunction({ type, table, budget: left }: Added): number[] {
  const body = [
    ...[0, constant, ...s32(budget), globalSet, ...u32(left)],
    ...[constant, 0, tableGet, ...u32(table), isNull, ifThen, empty, giveBack, end],
    ...[constant, 0, callIndirect, ...u32(type), ...u32(table), ifThen, empty, unreachable, end, end],
  ];
  return [...u32(body.length), ...body];
}
