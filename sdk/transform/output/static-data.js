import binaryen from "assemblyscript/binaryen";
import { pack } from "./packing.js";

/** The function of `sdk/assembly/runtime/static-data.ts` that a module which is not finished exports. */
export const UNPACK = "unpackStaticData";

const HEAP_BASE = "~lib/memory/__heap_base";
const START = "_initialize";

/** How many bytes a segment has besides its data, and how many the code that unpacks has: what packing must gain. */
const SEGMENT_COST = 7;
const CODE_COST = 230;

/** Packing takes time for larger ones, and these are tables, not texts. */
const LARGEST = 1 << 16;
const PAGE = 1 << 16;
const UNLIMITED = -1;

/**
 * Packs what stands in the module's data segments, where that makes it smaller: one segment before the heap, which the
 * module unpacks to where the data would be, before anything else of it runs.
 */
export function packStaticData(module) {
  const unpack = binaryen.getExportInfo(module.getExport(UNPACK)).value;
  module.removeExport(UNPACK);
  const segments = segmentsOf(module);
  const heap = module.getGlobal(HEAP_BASE);
  if (segments.length === 0 || heap === 0) return;
  const first = Math.min(...segments.map(({ offset }) => offset));
  const end = Math.max(...segments.map(({ offset, data }) => offset + data.length));
  if (end - first > LARGEST) return;
  const packed = pack(imageOf(segments, first, end));
  if (packed.length + SEGMENT_COST + CODE_COST >= sizeOf(segments)) return;
  const at = valueOf(binaryen.getGlobalInfo(heap).init);
  placeSegment(module, at, packed);
  callFirst(module, unpack, [at, at + packed.length, first]);
}

function segmentsOf(module) {
  return Array.from({ length: module.getNumDataSegments() }, (_, i) => {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(i));
    return { offset, data: new Uint8Array(data) };
  });
}

function imageOf(segments, first, end) {
  const image = new Uint8Array(end - first);
  for (const { offset, data } of segments) image.set(data, offset - first);
  return image;
}

function sizeOf(segments) {
  return segments.reduce(
    (size, { data }) => size + data.filter((byte) => byte !== 0).length + SEGMENT_COST,
    0,
  );
}

function valueOf(constant) {
  return binaryen.getExpressionInfo(constant).value;
}

/** Lets this be the module's only segment, and the heap begin behind it. */
function placeSegment(module, at, data) {
  const heap = (at + data.length + 15) & ~15;
  const { initial, max = UNLIMITED } = module.getMemoryInfo();
  const segment = { name: "0", offset: module.i32.const(at), data };
  module.setMemory(Math.max(initial, Math.ceil(heap / PAGE)), max, null, [segment]);
  module.removeGlobal(HEAP_BASE);
  module.addGlobal(HEAP_BASE, binaryen.i32, false, module.i32.const(heap));
}

/** Lets a call of a function stand before all that the module does when it starts. */
function callFirst(module, name, values) {
  const start = module.getFunction(binaryen.getExportInfo(module.getExport(START)).value);
  const call = module.call(
    name,
    values.map((value) => module.i32.const(value)),
    binaryen.none,
  );
  binaryen.Function.setBody(start, module.block(null, [call, binaryen.Function.getBody(start)]));
}
