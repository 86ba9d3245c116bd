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
  if (needleLength == 0) return 0;
  if (needleLength > length) return -1;
  const end = haystack + (length - needleLength + 1);
  const looked = ASC_FEATURE_SIMD ? findInLanes(haystack, end, needle, needleLength) : haystack;
  for (let at = looked; at < end; at++) {
    if (sameBytes(at, needle, needleLength)) return <i32>(at - haystack);
  }
  return -1;
}

/** How many places are looked at in one step. */
// @ts-ignore: decorator
@inline
const LANES: usize = 16;

/** Where the needle stands, else where fewer places than one step looks at are left. */
// @ts-ignore: decorator
@inline
function findInLanes(at: usize, end: usize, needle: usize, needleLength: i32): usize {
  const tail: usize = needleLength - 1;
  const first = i8x16.splat(load<i8>(needle));
  const last = i8x16.splat(load<i8>(needle + tail));
  for (; at + LANES <= end; at += LANES) {
    const fits = v128.and(i8x16.eq(v128.load(at), first), i8x16.eq(v128.load(at + tail), last));
    if (!v128.any_true(fits)) continue;
    const found = firstMatch(at, i8x16.bitmask(fits), needle, needleLength);
    if (found != 0) return found;
  }
  return at;
}

/** Looks closer at the places whose bits are set, where first and last byte fit; 0 when nothing is there. */
function firstMatch(at: usize, places: u32, needle: usize, needleLength: i32): usize {
  for (; places != 0; places &= places - 1) {
    const place = at + ctz(places);
    if (sameBytes(place, needle, needleLength)) return place;
  }
  return 0;
}

const HASH_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/** A 32-bit hash of `length` bytes, eight at a time: multiplied, and folded so that high bits reach the low ones. */
export function hashBytes(start: usize, length: i32): u32 {
  const end = start + length;
  let hash: u64 = length;
  for (; start + 8 <= end; start += 8) hash = mix(hash ^ load<u64>(start));
  let rest: u64 = 0;
  for (; start < end; start++) rest = (rest << 8) | load<u8>(start);
  return <u32>mix(hash ^ rest);
}

// @ts-ignore: decorator
@inline
function mix(bits: u64): u64 {
  bits *= HASH_FACTOR;
  return bits ^ (bits >> 32);
}

// @ts-ignore: decorator
@inline
function lowerCase(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte;
}
