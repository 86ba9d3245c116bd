// The memory manager as the compiler and its library call it, in place of AssemblyScript's own: these names are theirs.
import { blockSize, HEADER, LARGEST_PAYLOAD, sizeOf } from "./blocks";
import { pin, unpin, visit } from "./collection";
import { countKept, isStatic, isYoung, keepRegion, takeBlock, takeOldBlock } from "./window";

/** The number of the class that an object is of. */
// @ts-ignore: decorator
@inline
export function classOf(object: usize): u32 {
  return load<u32>(object - HEADER, 8);
}

/** Makes an object of a class, its payload not zeroed; 0 when memory cannot grow any further. */
// @ts-ignore: decorator
@inline
export function tryNew(size: usize, classId: u32): usize {
  if (size > LARGEST_PAYLOAD) return 0;
  const block = takeBlock(blockSize(size));
  return block == 0 ? 0 : initialized(block, size, classId);
}

/** Makes an object of a class, its payload not zeroed. */
// @ts-ignore: decorator
@inline
export function makeObject(size: usize, classId: u32): usize {
  const object = tryNew(size, classId);
  if (object == 0) unreachable();
  return object;
}

/**
 * Makes an object that outlives the callback by itself: that something old refers to it does not keep all else that the
 * callback made. Its fields must not refer to what is young.
 */
export function makeOldObject(size: usize, classId: u32): usize {
  const block = takeOldBlock(blockSize(size));
  if (block != 0) return initialized(block, size, classId);
  keepRegion();
  return makeObject(size, classId);
}

// @ts-ignore: decorator
@inline
function initialized(block: usize, size: usize, classId: u32): usize {
  store<u32>(block, classId, 8);
  store<u32>(block, size, 12);
  return block + HEADER;
}

// @ts-ignore: decorator
@global @unsafe
export function __new(size: usize, classId: u32): usize {
  return makeObject(size, classId);
}

/** Gives an object another size, in its place where its block has room. */
// @ts-ignore: decorator
@global @unsafe
export function __renew(object: usize, size: usize): usize {
  if (!isStatic(object) && size <= sizeOf(object - HEADER) - HEADER) {
    store<u32>(object - HEADER, size, 12);
    return object;
  }
  const copy = __new(size, classOf(object));
  memory.copy(copy, object, min(size, load<u32>(object - HEADER, 12)));
  return copy;
}

/** The compiler calls it after each store of a reference: an old object that refers to a young one keeps the region. */
// @ts-ignore: decorator
@global @unsafe
export function __link(parent: usize, child: usize, expectMultiple: bool): void {
  if (isYoung(child) && !isYoung(parent)) keepRegion();
}

// @ts-ignore: decorator
@global @unsafe
export function __visit(object: usize, cookie: u32): void {
  visit(object, cookie);
}

// @ts-ignore: decorator
@global @unsafe
export function __pin(object: usize): usize {
  pin(object);
  return object;
}

/**
 * Keeps an object for ever, and gives its address: what a constant of a file can be when no reference is wanted, for each
 * global that holds one is looked at whenever a callback returns.
 */
export function immortal<T>(object: T): usize {
  return __pin(changetype<usize>(object));
}

// @ts-ignore: decorator
@global @unsafe
export function __unpin(object: usize): void {
  unpin(object);
}

/** Lets a collection follow when the outermost callback returns: within it, nothing is safe to free. */
// @ts-ignore: decorator
@global @unsafe
export function __collect(): void {
  countKept(LARGEST_PAYLOAD);
}

/** Memory by hand, as sorting and `heap.alloc` take it: an object that is pinned. */
// @ts-ignore: decorator
@global @unsafe
export function __alloc(size: usize): usize {
  return __pin(__new(size, idof<ArrayBuffer>()));
}

// @ts-ignore: decorator
@global @unsafe
export function __realloc(object: usize, size: usize): usize {
  const moved = __renew(object, size);
  if (moved != object) __unpin(object);
  return __pin(moved);
}

// @ts-ignore: decorator
@global @unsafe
export function __free(object: usize): void {
  __unpin(object);
}
