import { headerLength, Reader, section } from "../module/reader.ts";
import { addedGlobals, addedTable, addedTypes, checkFunction, type Added } from "./checks.ts";
import { checkedFunctions } from "./checked-functions.ts";
import { name, u32 } from "./encoding.ts";
import { cappedMemories } from "./memory-cap.ts";
import { readLayout, type ModuleLayout, type Section } from "./module-layout.ts";
import { lengthOf, OffsetMap, type Piece } from "./offset-map.ts";

/** A module with checks in its loops, which exports what they ask by these names. */
export interface Instrumented {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly offsets: OffsetMap;
}
export const checkTable = "proxy-wasm-harness:check";
export const refusedGrowth = "proxy-wasm-harness:refused-growth";

/** Sections in the order in which they stand; those with a name can stand anywhere. */
const order: readonly number[] = [
  ...[section.type, section.import, section.function, section.table, section.memory, section.tag],
  ...[section.global, section.export, section.start, section.element, section.dataCount],
  ...[section.code, section.data],
];

/**
 * Puts checks into a module of any compiler, so that the host is asked again and again while a callback runs, and caps
 * its memory. Numbers of functions stay as they were. Throws a RangeError for a module that has instructions or sections
 * that are not known; refused with `configuration_refused` when its memory starts larger than the cap.
 */
export function instrument(bytes: Uint8Array<ArrayBuffer>, maxPages: number): Instrumented {
  const layout = readLayout(bytes);
  return OffsetMap.join([
    { bytes: bytes.subarray(0, headerLength), origin: 0, isNew: false },
    ...sectionsOf(layout).flatMap((each) => sectionWith(each.id, contentOf(each, layout, maxPages))),
  ]);
}

/** The sections of the module, and empty ones where it lacks one that something is added to. */
function sectionsOf({ bytes, sections }: ModuleLayout): Section[] {
  const all = sections.filter((each) => !isOfOffsets(bytes, each));
  for (const id of [section.table, section.global]) {
    if (all.some((each) => each.id === id)) continue;
    const next = all.findIndex((each) => order.indexOf(each.id) > order.indexOf(id));
    all.splice(next, 0, { id, start: 0, end: 0 });
  }
  return all;
}

/** Hints to compilers name instructions by their offsets, which are other ones now. */
function isOfOffsets(bytes: Uint8Array, { id, start }: Section): boolean {
  return id === section.custom && new Reader(bytes, start).name().startsWith("metadata.code.");
}

function sectionWith(id: number, content: readonly Piece[]): Piece[] {
  return [added([id, ...u32(lengthOf(content))]), ...content];
}

function contentOf(part: Section, layout: ModuleLayout, maxPages: number): Piece[] {
  const { bytes } = layout;
  const numbers = numbersOf(layout);
  const additions: Readonly<Record<number, readonly [count: number, bytes: readonly number[]]>> = {
    [section.type]: [2, addedTypes],
    [section.function]: [1, u32(numbers.type + 1)],
    [section.table]: [1, addedTable],
    [section.global]: [2, addedGlobals],
    [section.export]: [2, addedExports(numbers)],
    [section.code]: [1, checkFunction(numbers)],
  };
  const addition = additions[part.id];
  if (part.id === section.memory) return [added(cappedMemories(bytes, part.start, maxPages))];
  if (addition === undefined) return [asIs(bytes, part.start, part.end)];
  const reader = new Reader(bytes, part.start);
  const count = part.start === 0 ? 0 : reader.u32();
  const first = part.start === 0 ? 0 : reader.offset;
  const content =
    part.id === section.code ? checkedFunctions(layout, numbers) : [asIs(bytes, first, part.end)];
  return [added(u32(count + addition[0])), ...content, added(addition[1])];
}

/** Everything new is the last of its kind. */
function numbersOf({ types, functions, imported, own }: ModuleLayout): Added {
  const globals = imported.global + own.global;
  return {
    type: types.length,
    table: imported.table + own.table,
    budget: globals,
    refusedGrowth: globals + 1,
    check: functions.length,
  };
}

function addedExports({ table, refusedGrowth: global }: Added): number[] {
  return [...name(checkTable), 1, ...u32(table), ...name(refusedGrowth), 3, ...u32(global)];
}

function asIs(bytes: Uint8Array, from: number, to: number): Piece {
  return { bytes: bytes.subarray(from, to), origin: from, isNew: false };
}

function added(bytes: readonly number[]): Piece {
  return { bytes, origin: null, isNew: true };
}
