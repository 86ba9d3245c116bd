// Comparison and search over raw memory, eight bytes a step where it pays. Lengths are never negative.

/** Whether two runs of `length` bytes are the same. */
export function sameBytes(left: usize, right: usize, length: i32): bool {
  const end = left + length;
  for (; left + 8 <= end; left += 8, right += 8) {
    if (load<u64>(left) != load<u64>(right)) return false;
  }
  if (end - left >= 4) {
    if (load<u32>(left) != load<u32>(right)) return false;
    left += 4;
    right += 4;
  }
  for (; left < end; left++, right++) {
    if (load<u8>(left) != load<u8>(right)) return false;
  }
  return true;
}

/** Whether two runs of `length` bytes are the same but for the case of the letters A to Z. */
export function sameIgnoringCase(left: usize, right: usize, length: i32): bool {
  for (let i: usize = 0; i < <usize>length; i++) {
    if (lowerCase(load<u8>(left + i)) != lowerCase(load<u8>(right + i))) return false;
  }
  return true;
}

/** Where the needle first stands in the haystack, counted from its start; -1 when nowhere. An empty needle is at 0. */
export function findBytes(haystack: usize, length: i32, needle: usize, needleLength: i32): i32 {
  const last = length - needleLength;
  for (let i = 0; i <= last; i++) {
    if (sameBytes(haystack + i, needle, needleLength)) return i;
  }
  return -1;
}

/** A 32-bit FNV-1a hash of `length` bytes. */
export function hashBytes(start: usize, length: i32): u32 {
  let hash: u32 = 0x811c9dc5;
  for (const end = start + length; start < end; start++) {
    hash = (hash ^ load<u8>(start)) * 0x01000193;
  }
  return hash;
}

// @ts-ignore: decorator
@inline
function lowerCase(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte;
}
