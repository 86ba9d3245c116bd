import type { Reader } from "../module/reader.ts";

/**
 * What follows the opcodes from one to another, a letter a part: u is a LEB128 number, b a byte, 4, 8 and x are 4, 8
 * and 16 bytes, m is a memory argument, t a block's type, V a vector of numbers, T of value types, C of catch clauses.
 * Source: WebAssembly core specification 3.0, chapter 5.4, the legacy exceptions, and the proposal of threads.
 */
type Row = readonly [first: number, last: number, parts: string];

const plain: readonly Row[] = [
  ...([
    [0x00, 0x01, ""],
    [0x02, 0x04, "t"],
    [0x05, 0x05, ""],
    [0x06, 0x06, "t"],
  ] as const),
  ...([
    [0x07, 0x09, "u"],
    [0x0a, 0x0b, ""],
    [0x0c, 0x0d, "u"],
    [0x0e, 0x0e, "Vu"],
    [0x0f, 0x0f, ""],
  ] as const),
  ...([
    [0x10, 0x10, "u"],
    [0x11, 0x11, "uu"],
    [0x12, 0x12, "u"],
    [0x13, 0x13, "uu"],
  ] as const),
  ...([
    [0x14, 0x15, "u"],
    [0x18, 0x18, "u"],
    [0x19, 0x1b, ""],
    [0x1c, 0x1c, "T"],
    [0x1f, 0x1f, "tC"],
  ] as const),
  ...([
    [0x20, 0x26, "u"],
    [0x28, 0x3e, "m"],
    [0x3f, 0x40, "u"],
    [0x41, 0x42, "u"],
  ] as const),
  ...([
    [0x43, 0x43, "4"],
    [0x44, 0x44, "8"],
    [0x45, 0xc4, ""],
    [0xd0, 0xd0, "u"],
    [0xd1, 0xd1, ""],
  ] as const),
  ...([
    [0xd2, 0xd2, "u"],
    [0xd3, 0xd4, ""],
    [0xd5, 0xd6, "u"],
  ] as const),
];

const prefixed: Readonly<Record<number, readonly Row[]>> = {
  0xfb: [
    ...([
      [0, 1, "u"],
      [2, 5, "uu"],
      [6, 7, "u"],
      [8, 10, "uu"],
      [11, 14, "u"],
      [15, 15, ""],
    ] as const),
    ...([
      [16, 16, "u"],
      [17, 19, "uu"],
      [20, 23, "u"],
      [24, 25, "buuu"],
      [26, 30, ""],
    ] as const),
  ],
  0xfc: [
    ...([
      [0, 7, ""],
      [8, 8, "uu"],
      [9, 9, "u"],
      [10, 10, "uu"],
      [11, 11, "u"],
    ] as const),
    ...([
      [12, 12, "uu"],
      [13, 13, "u"],
      [14, 14, "uu"],
      [15, 17, "u"],
    ] as const),
  ],
  0xfd: [
    ...([
      [0, 11, "m"],
      [12, 13, "x"],
      [14, 20, ""],
      [21, 34, "b"],
      [35, 83, ""],
      [84, 91, "mb"],
    ] as const),
    ...([
      [92, 93, "m"],
      [94, 0x113, ""],
    ] as const),
  ],
  0xfe: [
    [0, 2, "m"],
    [3, 3, "b"],
    [0x10, 0x4e, "m"],
  ],
};

const byOpcode = tableOf(plain);
const byPrefix = new Map(Object.entries(prefixed).map(([prefix, rows]) => [Number(prefix), tableOf(rows)]));

/** An opcode with its prefix before it: `memory.copy` is 0xfc0a. */
export type Opcode = number;

/** Passes over one instruction and returns its opcode. Throws a RangeError for one that is not known. */
export function passInstruction(reader: Reader): Opcode {
  const first = reader.byte();
  const table = byPrefix.get(first);
  const code = table === undefined ? first : reader.u32();
  const parts = (table ?? byOpcode)[code];
  const opcode = table === undefined ? first : first * 0x100 + code;
  if (parts === undefined) throw new RangeError(`unknown instruction 0x${opcode.toString(16)}`);
  for (const part of parts) passPart(reader, part);
  return opcode;
}

function passPart(reader: Reader, part: string): void {
  if (part === "u") reader.passLeb();
  else if (part === "b") reader.pass(1);
  else if (part === "m") passMemoryArgument(reader);
  else if (part === "t") passType(reader);
  else if (part === "4") reader.pass(4);
  else if (part === "8") reader.pass(8);
  else if (part === "x") reader.pass(16);
  else if (part === "V") reader.times(() => reader.passLeb());
  else if (part === "T") reader.times(() => passType(reader));
  else reader.times(() => passCatch(reader));
}

/** A value type, or a block's type, which is a number where it is none of those. */
export function passType(reader: Reader): void {
  const first = reader.byte();
  if (first >= 0x80 || first === 0x63 || first === 0x64) reader.passLeb(); // a longer number, or a heap type
}

function passMemoryArgument(reader: Reader): void {
  if ((reader.u32() & 0x40) !== 0) reader.passLeb(); // which memory
  reader.passLeb();
}

function passCatch(reader: Reader): void {
  if (reader.byte() < 2) reader.passLeb(); // its tag
  reader.passLeb();
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const table: string[] = [];
  for (const [first, last, parts] of rows) for (let code = first; code <= last; code++) table[code] = parts;
  return table;
}
