// The heap is a row of blocks without gaps, each a multiple of 16 bytes: objects, free chunks, and the window in which
// new objects are made, which has no header while it is open.
//
//   __heap_base                                                                        memory.size
//   │ object │ object │ free chunk │ object │▒▒ young ▒▒│      window      │ object │ free chunk │
//                                           └ regionStart └ next             └ windowEnd
//
// ╒═ header of a block, 16 bytes ═╕
// │ -16  its bytes     │ P │ M │ │   P: pinned, M: found by the collection that runs
// │ -12  the next in a list       │   of found objects, or of free chunks
// │  -8  class of the object      │   the two that the compiler and its library know
// │  -4  bytes of payload in use  │
// ╞═ 0 ═ payload ═════════════════╡
//
// What the compiler puts in data segments, below the heap, has 20 bytes of header: the upper 16 are as these, with the
// number of the last collection that found the object in place of the size.

/** How many bytes stand before an object. */
// @ts-ignore: decorator
@inline
export const HEADER: usize = 16;

/** The largest payload of an object; the compiler's library asks for no more. */
// @ts-ignore: decorator
@inline
export const LARGEST_PAYLOAD: usize = 1 << 30;

// @ts-ignore: decorator
@inline
const MARKED: u32 = 1;
// @ts-ignore: decorator
@inline
const PINNED: u32 = 2;
// @ts-ignore: decorator
@inline
const FLAGS: u32 = 15;

/** The bytes of a block that holds this payload. */
// @ts-ignore: decorator
@inline
export function blockSize(payload: usize): usize {
  return (HEADER + payload + 15) & ~15;
}

/** How many bytes a block has, its header included. */
// @ts-ignore: decorator
@inline
export function sizeOf(block: usize): usize {
  return load<u32>(block) & ~FLAGS;
}

/** Makes a block of so many bytes, neither marked nor pinned. */
// @ts-ignore: decorator
@inline
export function makeBlock(block: usize, size: usize): void {
  store<u32>(block, size);
}

/** Whether the collection that runs has found this object. */
// @ts-ignore: decorator
@inline
export function isMarked(block: usize): bool {
  return (load<u32>(block) & MARKED) != 0;
}

/** Notes that the collection that runs has found this object. */
// @ts-ignore: decorator
@inline
export function mark(block: usize): void {
  store<u32>(block, load<u32>(block) | MARKED);
}

/** Forgets that a collection found this object. */
// @ts-ignore: decorator
@inline
export function unmark(block: usize): void {
  store<u32>(block, load<u32>(block) & ~MARKED);
}

/** Whether the object is kept though nothing may refer to it. */
// @ts-ignore: decorator
@inline
export function isPinned(block: usize): bool {
  return (load<u32>(block) & PINNED) != 0;
}

/** Turns the pin of an object over. */
// @ts-ignore: decorator
@inline
export function togglePin(block: usize): void {
  store<u32>(block, load<u32>(block) ^ PINNED);
}

/** The next block in the list that this one is in; 0 at its end. */
// @ts-ignore: decorator
@inline
export function nextInList(block: usize): usize {
  return load<u32>(block, 4);
}

/** Lets another block follow this one in the list that both are in. */
// @ts-ignore: decorator
@inline
export function setNextInList(block: usize, next: usize): void {
  store<u32>(block, next, 4);
}
