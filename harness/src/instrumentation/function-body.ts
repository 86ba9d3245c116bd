import type { Reader } from "../module/reader.ts";
import { passInstruction, passType, type Opcode } from "./immediates.ts";

/** What is known of a function's code. Offsets count from the beginning of the module. */
export interface FunctionBody {
  /** Where the declarations of its locals begin. */
  readonly start: number;
  readonly firstInstruction: number;
  readonly end: number;
  /** Without its parameters. */
  readonly localCount: number;
  readonly loops: readonly Loop[];
  /** The functions that it calls by their numbers. */
  readonly callees: ReadonlySet<number>;
  /** It calls functions through a table or a reference. */
  readonly callsIndirectly: boolean;
  /** The functions of which it makes references. */
  readonly references: readonly number[];
  /** Where instructions stand whose time grows with the length on top of the stack. */
  readonly bulkOperations: readonly number[];
  /** Where instructions end that ask for more memory. */
  readonly growths: readonly number[];
}

export interface Loop {
  /** Where the first instruction in it stands. */
  readonly inside: number;
  /** It has no call, no bulk operation and no growth of memory. */
  isLeaf: boolean;
}

const op = {
  ...{ block: 0x02, loop: 0x03, if: 0x04, try: 0x06, end: 0x0b, delegate: 0x18, tryTable: 0x1f },
  ...{ call: 0x10, callIndirect: 0x11, returnCall: 0x12, returnCallIndirect: 0x13 },
  ...{ callRef: 0x14, returnCallRef: 0x15, refFunc: 0xd2 },
  ...{ memoryGrow: 0x40, memoryInit: 0xfc08, memoryCopy: 0xfc0a, memoryFill: 0xfc0b },
};
const opening = new Set<Opcode>([op.block, op.loop, op.if, op.try, op.tryTable]);
const direct = new Set<Opcode>([op.call, op.returnCall]);
const indirect = new Set<Opcode>([op.callIndirect, op.returnCallIndirect, op.callRef, op.returnCallRef]);
const bulk = new Set<Opcode>([op.memoryInit, op.memoryCopy, op.memoryFill]);

/** Reads the function that starts here, its length first. Throws a RangeError for what it does not know. */
export function readFunctionBody(reader: Reader): FunctionBody {
  const length = reader.u32();
  const start = reader.offset;
  const localCount = passLocals(reader);
  const scan = new Scan(reader);
  scan.run();
  const end = start + length;
  if (reader.offset !== end) throw new RangeError(`the function at byte ${start} does not end where it says`);
  return { ...scan.found, start, end, localCount };
}

/** Passes over instructions up to the end of an expression, and returns the functions of which it makes references. */
export function readReferences(reader: Reader): readonly number[] {
  const scan = new Scan(reader);
  scan.run();
  return scan.found.references;
}

function passLocals(reader: Reader): number {
  let count = 0;
  reader.times(() => {
    count += reader.u32();
    passType(reader);
  });
  return count;
}

class Scan {
  private readonly reader: Reader;
  /** The blocks that are open: a loop, or null for another one. */
  private readonly blocks: Array<Loop | null> = [null];
  private readonly loops: Loop[] = [];
  private readonly callees = new Set<number>();
  private readonly references: number[] = [];
  private readonly bulkOperations: number[] = [];
  private readonly growths: number[] = [];
  private readonly firstInstruction: number;
  private callsIndirectly = false;

  constructor(reader: Reader) {
    this.reader = reader;
    this.firstInstruction = reader.offset;
  }

  get found(): Omit<FunctionBody, "start" | "end" | "localCount"> {
    const { loops, callees, references, bulkOperations, growths, firstInstruction, callsIndirectly } = this;
    return { loops, callees, references, bulkOperations, growths, firstInstruction, callsIndirectly };
  }

  run(): void {
    while (this.blocks.length > 0) {
      const at = this.reader.offset;
      this.see(passInstruction(this.reader), at);
    }
  }

  private see(opcode: Opcode, at: number): void {
    if (opening.has(opcode)) this.open(opcode);
    else if (opcode === op.end || opcode === op.delegate) this.blocks.pop();
    else if (direct.has(opcode)) this.seeCall(this.reader.u32At(at + 1));
    else if (indirect.has(opcode)) this.seeIndirectCall();
    else if (bulk.has(opcode)) this.seeBulkOperation(at);
    else if (opcode === op.memoryGrow) this.seeGrowth();
    else if (opcode === op.refFunc) this.references.push(this.reader.u32At(at + 1));
  }

  private open(opcode: Opcode): void {
    const loop = opcode === op.loop ? { inside: this.reader.offset, isLeaf: true } : null;
    if (loop !== null) this.loops.push(loop);
    this.blocks.push(loop);
  }

  private seeCall(callee: number): void {
    this.callees.add(callee);
    this.spoilLeaves();
  }

  private seeIndirectCall(): void {
    this.callsIndirectly = true;
    this.spoilLeaves();
  }

  private seeBulkOperation(at: number): void {
    this.bulkOperations.push(at);
    this.spoilLeaves();
  }

  private seeGrowth(): void {
    this.growths.push(this.reader.offset);
    this.spoilLeaves();
  }

  private spoilLeaves(): void {
    for (const block of this.blocks) if (block !== null) block.isLeaf = false;
  }
}
