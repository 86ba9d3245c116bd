import { Bytes } from "../bytes";

/** Collect after so many outermost callbacks, however little they allocated. */
const CALLBACKS_PER_COLLECTION = 64;

/** Collect as soon as so many bytes came from the host, however few the callbacks. */
const BYTES_PER_COLLECTION: usize = 1 << 20;

/** The largest block that the allocator can give; the host asks for more only when its data is larger. */
const LARGEST_BLOCK: usize = 1 << 29;

// ╒═ out-parameters of host calls ═╕
// │ 0  pointer or number (8 bytes) │
// │ 8  length            (4 bytes) │
// │ 12 version           (4 bytes) │
const slots: usize = memory.data(16, 8);

let callbacksSinceCollection = 0;
let bytesSinceCollection: usize = 0;

/**
 * Gives the host `length` bytes to write a result into: the payload of a fresh `ArrayBuffer`, so that the result is a
 * managed object without a copy. 0 when the block is larger than the allocator can give, which the host answers with
 * `InvalidMemoryAccess`. The host calls it in the middle of host calls; nothing is collected there.
 */
export function allocate(length: usize): usize {
  if (length > LARGEST_BLOCK) return 0;
  bytesSinceCollection += length;
  return __new(length, idof<ArrayBuffer>());
}

/** Counts an outermost callback that has just returned, and frees what is no longer reachable when it is time. */
export function collectBetweenCallbacks(): void {
  callbacksSinceCollection++;
  if (callbacksSinceCollection < CALLBACKS_PER_COLLECTION && bytesSinceCollection < BYTES_PER_COLLECTION)
    return;
  callbacksSinceCollection = 0;
  bytesSinceCollection = 0;
  __collect();
}

/** Where the next host call shall write a number, or the pointer of a block; zeroed, for an error leaves it untouched. */
export function resultSlot(): usize {
  store<u64>(slots, 0);
  return slots;
}

/** Where the next host call shall write the length of a block; zeroed. */
export function lengthSlot(): usize {
  store<u32>(slots, 0, 8);
  return slots + 8;
}

/** Where the next host call shall write the version of a shared value; zeroed. */
export function versionSlot(): usize {
  store<u32>(slots, 0, 12);
  return slots + 12;
}

/** The version that the last host call wrote into `versionSlot()`. */
export function versionNumber(): u32 {
  return load<u32>(slots, 12);
}

/** The number that the last host call wrote into `resultSlot()`. */
export function resultNumber<T>(): T {
  return load<T>(slots);
}

/** The block that the last host call wrote, without a copy; empty when the host gave none. */
export function resultBytes(): Bytes {
  const start = load<usize>(slots);
  if (start == 0) return Bytes.EMPTY;
  return new Bytes(changetype<ArrayBuffer>(start), start, load<i32>(slots, 8));
}
