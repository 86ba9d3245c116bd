import { HEADER, makeBlock, sizeOf } from "./blocks";
import { addChunk, SMALLEST_CHUNK, takeLargestChunk } from "./chunks";

/** One less than there could be: the address behind the last is a number of 32 bits then. */
const MOST_PAGES = 0xffff;

/** Where the next object will stand, and what the window has room for. */
let next: usize = 0;
let windowEnd: usize = 0;

/** Where the objects of the callback that runs begin: they are young, and stand there in one piece. */
let regionStart: usize = 0;

/** Whether the region must be kept: something outside of it refers into it, or the window changed in its midst. */
let isKept = false;

/** Bytes that were kept since the last collection: of regions, and of blocks outside of them. */
let keptBytes: usize = 0;

/** Where the last block ends; 0 as long as there is no block. */
let end: usize = 0;

/** Where the first block stands. */
// @ts-ignore: decorator
@inline
export function heapStart(): usize {
  return (__heap_base + 15) & ~15;
}

/** Whether an object stands in a data segment, below the heap; it may be empty and end where the heap begins. */
// @ts-ignore: decorator
@inline
export function isStatic(object: usize): bool {
  return object < heapStart() + HEADER;
}

/** Where the last block ends. */
export function heapEnd(): usize {
  return end;
}

/** Where the next object will stand; up to `windowLimit` there are no blocks. */
export function windowStart(): usize {
  return next;
}

/** Where the window ends. */
export function windowLimit(): usize {
  return windowEnd;
}

/** Makes a block of so many bytes; 0 when memory cannot grow any further. */
// @ts-ignore: decorator
@inline
export function takeBlock(size: usize): usize {
  if (size > windowEnd - next && !makeRoom(size)) return 0;
  const block = next;
  next += size;
  makeBlock(block, size);
  return block;
}

/**
 * Makes a block outside of the region, at the far end of the window: what stands there outlives the callback by itself. 0
 * when the window has no room to spare.
 */
export function takeOldBlock(size: usize): usize {
  if (windowEnd - next < size + SMALLEST_CHUNK) return 0;
  windowEnd -= size;
  keptBytes += size;
  makeBlock(windowEnd, size);
  return windowEnd;
}

/** Bytes that were kept since the last collection. */
// @ts-ignore: decorator
@inline
export function bytesKept(): usize {
  return keptBytes;
}

/** Begins a region: whatever was made before is old. */
// @ts-ignore: decorator
@inline
export function beginRegion(): void {
  regionStart = next;
  isKept = false;
}

/** Whether an object stands in the region; its header counts, for an object may have no payload. */
// @ts-ignore: decorator
@inline
export function isYoung(object: usize): bool {
  return object - HEADER - regionStart < next - regionStart;
}

/** Notes that the region must be kept. */
// @ts-ignore: decorator
@inline
export function keepRegion(): void {
  isKept = true;
}

/** Whether the region must be kept. */
// @ts-ignore: decorator
@inline
export function isRegionKept(): bool {
  return isKept;
}

/** Whether there is nothing to free and nothing to keep. */
// @ts-ignore: decorator
@inline
export function isRegionEmpty(): bool {
  return next == regionStart && !isKept;
}

/** Frees every object of the region at once. */
// @ts-ignore: decorator
@inline
export function resetRegion(): void {
  next = regionStart;
}

/** Lets the region grow old. */
export function tenureRegion(): void {
  if (windowEnd - next < SMALLEST_CHUNK) makeRoom(SMALLEST_CHUNK);
  keptBytes += next - regionStart;
  regionStart = next;
}

/** Counts so many bytes as kept, for a collection to become due. */
export function countKept(bytes: usize): void {
  keptBytes += bytes;
  isKept = true;
}

/** Makes a free chunk of what is left of the window: now every byte of the heap is part of a block. */
export function closeWindow(): void {
  addChunk(next, windowEnd - next);
  next = windowEnd = regionStart = 0;
}

/** Opens a window after a collection. */
export function openWindow(): void {
  keptBytes = 0;
  makeRoom(SMALLEST_CHUNK);
}

/** Continues in the largest free chunk or, where that is too small, at the end of the heap. */
function makeRoom(size: usize): bool {
  const chunk = takeLargestChunk(size);
  if (chunk == 0) return growHeap(size);
  moveWindow(chunk, chunk + sizeOf(chunk));
  return true;
}

/** A window that ends where the heap does becomes longer, and its region stays in one piece. */
function growHeap(size: usize): bool {
  if (end == 0) next = windowEnd = regionStart = end = heapStart();
  const before = end;
  const room = windowEnd == before ? windowEnd - next : 0;
  if (!growMemory(<u64>before + size - room)) return false;
  end = (<usize>memory.size()) << 16;
  if (windowEnd == before) windowEnd = end;
  else moveWindow(before, end);
  return true;
}

/** Grows by a quarter at least, where that can be had: to grow is costly in most engines. */
function growMemory(bytes: u64): bool {
  const pages = <i32>((bytes + 0xffff) >> 16);
  const missing = pages - memory.size();
  const most = MOST_PAGES - memory.size();
  if (missing <= 0) return true;
  if (missing > most) return false;
  return memory.grow(min(max(missing, memory.size() >> 2), most)) >= 0 || memory.grow(missing) >= 0;
}

function moveWindow(start: usize, limit: usize): void {
  if (next != regionStart) isKept = true;
  keptBytes += next - regionStart;
  addChunk(next, windowEnd - next);
  regionStart = next = start;
  windowEnd = limit;
}
