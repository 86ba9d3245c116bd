import { Bytes, utf8 } from "../bytes";
import { logError } from "../logging";

/** A filter that lets a body grow further, by what the traffic holds, would end its worker for want of memory. */
const MOST_BYTES: i64 = 1 << 24;

/** A copy of some bytes with other ones in them, and how many places changed. */
export class Replacement {
  constructor(
    readonly bytes: Bytes,
    readonly count: i32,
  ) {}
}

/**
 * Replaces each occurrence of `needle`, from the start on and without overlap. Null when there is none, when `needle` is
 * empty, and, which is logged at error, when the result would be larger than 16 MiB.
 */
export function replaceEach(source: Bytes, needle: Bytes, replacement: Bytes): Replacement | null {
  const first = needle.length == 0 ? -1 : source.indexOf(needle);
  if (first < 0) return null;
  const mostBytes = largestResult(source, first, needle, replacement);
  if (mostBytes <= MOST_BYTES) return copyReplacing(source, first, needle, replacement, <i32>mostBytes);
  logError(utf8("a replacement was refused: the body would become larger than 16 MiB"));
  return null;
}

/** As many bytes as the result can have: places are counted only where it grows with them. */
function largestResult(source: Bytes, first: i32, needle: Bytes, replacement: Bytes): i64 {
  const growth = replacement.length - needle.length;
  if (growth <= 0) return source.length;
  let count = 0;
  for (let at = first; at >= 0; at = source.indexOf(needle, at + needle.length)) count++;
  return <i64>source.length + <i64>count * growth;
}

function copyReplacing(
  source: Bytes,
  first: i32,
  needle: Bytes,
  replacement: Bytes,
  mostBytes: i32,
): Replacement {
  const block = Bytes.fromBuffer(changetype<ArrayBuffer>(__new(mostBytes, idof<ArrayBuffer>())));
  let target = block.start;
  let from = 0;
  let count = 0;
  for (let at = first; at >= 0; at = source.indexOf(needle, from)) {
    memory.copy(target, source.start + from, at - from);
    target += at - from;
    memory.copy(target, replacement.start, replacement.length);
    target += replacement.length;
    from = at + needle.length;
    count++;
  }
  const rest = source.length - from;
  memory.copy(target, source.start + from, rest);
  return new Replacement(block.slice(0, <i32>(target - block.start) + rest), count);
}
