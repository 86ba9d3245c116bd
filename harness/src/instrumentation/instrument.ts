import { headerLength, Reader, section } from "../module/reader.ts";
import { addedGlobals, addedTable, addedTypes, checkFunction, type Added } from "./checks.ts";
import { checkedFunctions } from "./checked-functions.ts";
import { counterMemory } from "./counters.ts";
import { name, u32 } from "./encoding.ts";
import { cappedMemories } from "./memory-cap.ts";
import { readLayout, type ModuleLayout, type Section } from "./module-layout.ts";
import { lengthOf, OffsetMap, type Piece } from "./offset-map.ts";

/** A module with checks in its loops, which exports what they ask by these names, and the counters where there are any. */
export interface Instrumented {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly offsets: OffsetMap;
}
export const checkTable = "proxy-wasm-harness:check";
export const refusedGrowth = "proxy-wasm-harness:refused-growth";
export const counterMemoryName = "proxy-wasm-harness:counters";

/** Sections in the order in which they stand; those with a name can stand anywhere. */
const order: readonly number[] = [
  ...[section.type, section.import, section.function, section.table, section.memory, section.tag],
  ...[section.global, section.export, section.start, section.element, section.dataCount],
  ...[section.code, section.data],
];

/** What a module is made into. */
interface Plan {
  readonly layout: ModuleLayout;
  readonly numbers: Added;
  readonly maxPages: number;
  readonly counted: readonly number[];
}

/**
 * Puts checks into a module of any compiler, so that the host is asked again and again while a callback runs, and caps
 * its memory. Where `counting` says it, by offsets in order, the times are counted that what stands there is come to, each
 * in 8 bytes of a memory of its own. Numbers of functions stay as they were. Throws a RangeError for a module that has
 * instructions or sections that are not known; refused with `configuration_refused` when its memory starts larger than
 * the cap.
 */
export function instrument(
  bytes: Uint8Array<ArrayBuffer>,
  maxPages: number,
  counting: (layout: ModuleLayout) => readonly number[] = () => [],
): Instrumented {
  const layout = readLayout(bytes);
  const plan: Plan = { layout, numbers: numbersOf(layout), maxPages, counted: counting(layout) };
  return OffsetMap.join([
    { bytes: bytes.subarray(0, headerLength), origin: 0, isNew: false },
    ...sectionsOf(plan).flatMap((each) => sectionWith(each.id, contentOf(each, plan))),
  ]);
}

/** The sections of the module, and empty ones where it lacks one that something is added to. */
function sectionsOf({ layout: { bytes, sections }, counted }: Plan): Section[] {
  const all = sections.filter((each) => !isOfOffsets(bytes, each));
  const memory = counted.length > 0 ? [section.memory] : [];
  for (const id of [section.table, ...memory, section.global]) {
    if (all.some((each) => each.id === id)) continue;
    const next = all.findIndex((each) => order.indexOf(each.id) > order.indexOf(id));
    all.splice(next, 0, { id, start: 0, end: 0 });
  }
  return all;
}

/** Hints to compilers, and the source map, name instructions by their offsets, which are other ones now. */
function isOfOffsets(bytes: Uint8Array, { id, start }: Section): boolean {
  return (
    id === section.custom && /^(metadata\.code\..*|sourceMappingURL)$/.test(new Reader(bytes, start).name())
  );
}

function sectionWith(id: number, content: readonly Piece[]): Piece[] {
  return [added([id, ...u32(lengthOf(content))]), ...content];
}

/** What is added to a section: so many entries, and their bytes. */
type Addition = readonly [count: number, bytes: readonly number[]];

function contentOf(part: Section, plan: Plan): Piece[] {
  const { bytes } = plan.layout;
  const addition = additionTo(part.id, plan);
  if (addition === null) return [asIs(bytes, part.start, part.end)];
  const reader = new Reader(bytes, part.start);
  const isThere = part.start !== 0;
  const count = isThere ? reader.u32() : 0;
  const entries = isThere ? entriesOf(part, reader.offset, plan) : [];
  return [added(u32(count + addition[0])), ...entries, added(addition[1])];
}

function additionTo(id: number, { numbers, counted }: Plan): Addition | null {
  const hasCounters = counted.length > 0;
  const additions: Readonly<Record<number, Addition>> = {
    [section.type]: [2, addedTypes],
    [section.function]: [1, u32(numbers.type + 1)],
    [section.table]: [1, addedTable],
    [section.memory]: hasCounters ? [1, counterMemory(counted.length)] : [0, []],
    [section.global]: [2, addedGlobals],
    [section.export]: [hasCounters ? 3 : 2, addedExports(numbers, hasCounters)],
    [section.code]: [1, checkFunction(numbers)],
  };
  return additions[id] ?? null;
}

/** The entries that a section had, as they are to be. */
function entriesOf({ id, start, end }: Section, first: number, plan: Plan): Piece[] {
  const { layout, numbers, maxPages, counted } = plan;
  if (id === section.memory) return [added(cappedMemories(layout.bytes, start, maxPages))];
  if (id === section.code) return checkedFunctions(layout, numbers, counted);
  return [asIs(layout.bytes, first, end)];
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
    counters: imported.memory + own.memory,
  };
}

function addedExports({ table, refusedGrowth: global, counters }: Added, hasCounters: boolean): number[] {
  const memory = hasCounters ? [...name(counterMemoryName), 2, ...u32(counters)] : [];
  return [...name(checkTable), 1, ...u32(table), ...name(refusedGrowth), 3, ...u32(global), ...memory];
}

function asIs(bytes: Uint8Array, from: number, to: number): Piece {
  return { bytes: bytes.subarray(from, to), origin: from, isNew: false };
}

function added(bytes: readonly number[]): Piece {
  return { bytes, origin: null, isNew: true };
}
