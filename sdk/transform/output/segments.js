import binaryen from "assemblyscript/binaryen";

const HEAP_BASE = "~lib/memory/__heap_base";
const PAGE = 1 << 16;
const UNLIMITED = -1;

/** What stands in the module's data segments: `{ offset, data }`. */
export function segmentsOf(module) {
  return Array.from({ length: module.getNumDataSegments() }, (_, i) => {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(i));
    return { offset, data: new Uint8Array(data) };
  });
}

/** Where the heap begins, behind all that stands in segments; null when the module has no heap. */
export function heapBase(module) {
  const heap = module.getGlobal(HEAP_BASE);
  return heap === 0 ? null : binaryen.getExpressionInfo(binaryen.getGlobalInfo(heap).init).value;
}

/** Adds a segment behind the others, and lets the heap begin behind it; where it stands. */
export function addSegment(module, data) {
  const offset = heapBase(module);
  replaceSegments(module, [...segmentsOf(module), { offset, data }], offset + data.length);
  return offset;
}

/** Lets these be the module's only segments, and the heap begin behind their end. */
export function replaceSegments(module, segments, end) {
  const heap = (end + 15) & ~15;
  const { initial, max = UNLIMITED } = module.getMemoryInfo();
  const named = segments.map(({ offset, data }, i) => ({
    name: `${i}`,
    offset: module.i32.const(offset),
    data,
  }));
  module.setMemory(Math.max(initial, Math.ceil(heap / PAGE)), max, null, named);
  module.removeGlobal(HEAP_BASE);
  module.addGlobal(HEAP_BASE, binaryen.i32, false, module.i32.const(heap));
}
