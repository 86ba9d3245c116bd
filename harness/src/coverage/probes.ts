import type { FunctionBody } from "../instrumentation/function-body.ts";
import { passInstruction, type Opcode } from "../instrumentation/immediates.ts";
import type { ModuleLayout } from "../instrumentation/module-layout.ts";
import { functionNames } from "../module/function-names.ts";
import type { WasmModule } from "../module/load.ts";
import { Reader } from "../module/reader.ts";
import type { SourceLine, SourceLocations, SourcePart } from "../module/source-locations.ts";
import { declarationOf } from "./declarations.ts";

/** What is counted in a module. */
export interface Probes {
  /** Where code is counted: counter `i` stands before what is at offset `i`; in order. */
  readonly offsets: readonly number[];
  readonly lines: readonly ProbedLine[];
  readonly functions: readonly ProbedFunction[];
  readonly sources: SourceLocations;
}

export interface ProbedLine extends SourceLine {
  /** The counters of the line in each function that has code of it. */
  readonly counters: ReadonlyArray<readonly number[]>;
}

export interface ProbedFunction extends SourceLine {
  readonly name: string;
  /** Counts calls; several where the compiler made several functions of one. */
  readonly counters: readonly number[];
}

/** Chooses what is counted: code of the sources that are wanted, as the source map has it. */
export function probesOf(
  layout: ModuleLayout,
  { bytes, sources }: Pick<WasmModule, "bytes" | "sources">,
  isWanted: (source: string) => boolean,
): Probes {
  const names = functionNames(bytes);
  const parts = (sources.parts() ?? []).map(wantedPart(isWanted));
  const probes = new ProbeList(sources);
  for (const [i, body] of layout.bodies.entries()) {
    const own = partsOf(body, parts);
    const name = names.get(layout.imported.function + i) ?? null;
    if (own.some(({ from }) => from !== null)) probes.add(bytes, body, { parts: own, name });
  }
  return probes;
}

/** Leaves the line out that a part comes from when its source is not wanted, which is asked once for each. */
function wantedPart(isWanted: (source: string) => boolean): (part: SourcePart) => SourcePart {
  const known = new Map<string, boolean>();
  return ({ offset, from }) => {
    if (from === null) return { offset, from };
    const wanted = known.get(from.source) ?? isWanted(from.source);
    known.set(from.source, wanted);
    return { offset, from: wanted ? from : null };
  };
}

function partsOf({ firstInstruction, end }: FunctionBody, parts: readonly SourcePart[]): SourcePart[] {
  const first = lowerBound(parts, firstInstruction);
  return parts.slice(first, lowerBound(parts, end));
}

/** The number of the first part that does not begin before an offset. */
function lowerBound(parts: readonly SourcePart[], offset: number): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A function as its module and its source map have it. */
interface MappedFunction {
  readonly parts: readonly SourcePart[];
  readonly name: string | null;
}

class ProbeList implements Probes {
  readonly offsets: number[] = [];
  readonly sources: SourceLocations;
  private readonly byLine = new Map<SourceLine, number[][]>();
  private readonly byDeclaration = new Map<string, { at: SourceLine; name: string; counters: number[] }>();

  constructor(sources: SourceLocations) {
    this.sources = sources;
  }

  get lines(): ProbedLine[] {
    return [...this.byLine].map(([line, counters]) => ({ ...line, counters }));
  }

  get functions(): ProbedFunction[] {
    return [...this.byDeclaration.values()].map(({ at, name, counters }) => ({ ...at, name, counters }));
  }

  add(bytes: Uint8Array, body: FunctionBody, mapped: MappedFunction): void {
    const declaration = declarationOf(mapped.name, mapped.parts, this.sources);
    if (declaration !== null) {
      const { at, name } = declaration;
      const key = `${at.source}:${at.line} ${name}`;
      const known = this.byDeclaration.get(key) ?? { at, name, counters: [] };
      known.counters.push(this.counterAt(body.firstInstruction));
      this.byDeclaration.set(key, known);
    }
    const own = new Map<SourceLine, number[]>();
    for (const { offset, from } of firstOfEach(bytes, body, mapped.parts)) {
      const counters = own.get(from) ?? [];
      counters.push(this.counterAt(offset));
      own.set(from, counters);
    }
    for (const [line, counters] of own) this.byLine.set(line, [...(this.byLine.get(line) ?? []), counters]);
  }

  private counterAt(offset: number): number {
    return this.offsets.push(offset) - 1;
  }
}

const op = {
  ...{ unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, try: 0x06, catch: 0x07 },
  ...{ throw: 0x08, rethrow: 0x09, throwRef: 0x0a, end: 0x0b },
  ...{ branch: 0x0c, branchIf: 0x0d, branchTable: 0x0e, giveBack: 0x0f },
  ...{ returnCall: 0x12, returnCallIndirect: 0x13, returnCallRef: 0x15 },
  ...{ delegate: 0x18, catchAll: 0x19, tryTable: 0x1f, branchOnNull: 0xd5, branchOnNonNull: 0xd6 },
};
/** They do nothing themselves, and what follows them is come to in other ways, too. */
const joints = new Set<Opcode>([op.else, op.catch, op.catchAll, op.delegate, op.end]);
/** They do nothing themselves. */
const openings = new Set<Opcode>([op.block, op.loop, op.try, op.tryTable]);
/** What follows them is come to more often, or less. */
const turns = new Set<Opcode>([op.loop, op.if, op.branchIf, op.branchOnNull, op.branchOnNonNull]);
/** What follows them is never come to. */
const exits = new Set<Opcode>([
  ...[op.unreachable, op.throw, op.rethrow, op.throwRef, op.branch, op.branchTable],
  ...[op.giveBack, op.returnCall, op.returnCallIndirect, op.returnCallRef],
]);

/** Of each line the first instruction in every run of instructions that are come to equally often. */
function* firstOfEach(
  bytes: Uint8Array,
  body: FunctionBody,
  parts: readonly SourcePart[],
): Generator<{ offset: number; from: SourceLine }> {
  const reader = new Reader(bytes, body.firstInstruction);
  const seen = new Set<SourceLine>();
  let next = 0;
  let from: SourceLine | null = null;
  let isDead = false;
  while (reader.offset < body.end) {
    const offset = reader.offset;
    for (; (parts[next]?.offset ?? Infinity) <= offset; next++) from = parts[next]?.from ?? null;
    const opcode = passInstruction(reader);
    const isJoint = joints.has(opcode);
    if (isJoint) isDead = false;
    if (!isJoint && !isDead && !openings.has(opcode) && from !== null && !seen.has(from)) {
      seen.add(from);
      yield { offset, from };
    }
    if (isJoint || turns.has(opcode)) seen.clear();
    if (exits.has(opcode)) isDead = true;
  }
}
