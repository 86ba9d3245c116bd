import { readImport, readRecursiveTypes } from "../module/binary.ts";
import type { Signature } from "../module/abi.ts";
import { headerLength, Reader, section } from "../module/reader.ts";
import { readFunctionBody, readReferences, type FunctionBody } from "./function-body.ts";
import { passType } from "./immediates.ts";

/** A section of a module, by the offsets of its content. */
export interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** What one must know of a module to put code into it. */
export interface ModuleLayout {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sections: readonly Section[];
  readonly types: readonly Signature[];
  /** The types of all functions, those that are imported first. */
  readonly functions: readonly number[];
  readonly imported: Readonly<Record<"function" | "table" | "memory" | "global", number>>;
  /** What the module has of its own. */
  readonly own: Readonly<Record<"table" | "memory" | "global", number>>;
  readonly bodies: readonly FunctionBody[];
  /** The functions that tables and references can lead to. */
  readonly targets: ReadonlySet<number>;
}

/** Reads a module. Throws a RangeError for what it does not know. */
export function readLayout(bytes: Uint8Array<ArrayBuffer>): ModuleLayout {
  const sections = readSections(bytes);
  const types: Signature[] = [];
  const functions: number[] = [];
  const imported = { function: 0, table: 0, memory: 0, global: 0 };
  const own = { table: 0, memory: 0, global: 0 };
  const bodies: FunctionBody[] = [];
  const targets = new Set<number>();

  for (const { id, start } of sections) {
    const reader = new Reader(bytes, start);
    if (id === section.type) reader.times(() => types.push(...readRecursiveTypes(reader)));
    else if (id === section.import)
      reader.times(() => count(imported, readImport(reader, types, functions).kind));
    else if (id === section.function) reader.times(() => functions.push(reader.u32()));
    else if (id === section.table) own.table = reader.u32();
    else if (id === section.memory) own.memory = reader.u32();
    else if (id === section.global) own.global = reader.u32();
    else if (id === section.element) reader.times(() => readElements(reader, targets));
    else if (id === section.code) reader.times(() => bodies.push(readFunctionBody(reader)));
  }
  return { bytes, sections, types, functions, imported, own, bodies, targets: targetsOf(bodies, targets) };
}

function readSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  const reader = new Reader(bytes, headerLength);
  while (!reader.atEnd) {
    const id = reader.byte();
    const length = reader.u32();
    const start = reader.offset;
    reader.pass(length);
    sections.push({ id, start, end: reader.offset });
  }
  return sections;
}

function count(imported: Record<string, number>, kind: string): void {
  imported[kind] = (imported[kind] ?? 0) + 1;
}

/** One segment of the section; its flags say whether it has a table and a place, a kind, and expressions. */
function readElements(reader: Reader, targets: Set<number>): void {
  const flags = reader.u32();
  if ((flags & 1) === 0) {
    if ((flags & 2) !== 0) reader.passLeb();
    readReferences(reader);
  }
  const isOfExpressions = (flags & 4) !== 0;
  if ((flags & 3) !== 0) {
    if (isOfExpressions) passType(reader);
    else reader.pass(1);
  }
  reader.times(() => {
    const functions = isOfExpressions ? readReferences(reader) : [reader.u32()];
    for (const one of functions) targets.add(one);
  });
}

function targetsOf(bodies: readonly FunctionBody[], inTables: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...inTables, ...bodies.flatMap(({ references }) => references)]);
}
