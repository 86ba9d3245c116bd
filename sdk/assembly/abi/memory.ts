import { Bytes } from "../bytes";
import { tryNew } from "../runtime/objects";

// ╒═ out-parameters of host calls ═╕
// │ 0  pointer or number (8 bytes) │
// │ 8  length            (4 bytes) │
// │ 12 version           (4 bytes) │
const slots: usize = memory.data(16, 8);

/**
 * Gives the host `length` bytes to write a result into: the payload of a fresh `ArrayBuffer`, so that the result is a
 * managed object without a copy. 0 when memory cannot grow so far, which the host answers with `InvalidMemoryAccess`.
 * The host calls it in the middle of host calls; nothing is collected there.
 */
export function allocate(length: usize): usize {
  return tryNew(length, idof<ArrayBuffer>());
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
  return Bytes.view(changetype<ArrayBuffer>(start), start, load<i32>(slots, 8));
}
