import { Bytes, utf8 } from "./bytes";
import { log, logError } from "./logging";
import { LogLevel } from "./abi/types";

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
  const count = occurrences(source, needle);
  if (count == 0) return null;
  const length = <i64>source.length + <i64>count * (replacement.length - needle.length);
  if (length > MOST_BYTES) {
    logError(utf8("a replacement was refused: the body would become larger than 16 MiB"));
    return null;
  }
  return new Replacement(copyReplacing(source, needle, replacement, <i32>length), count);
}

function occurrences(source: Bytes, needle: Bytes): i32 {
  if (needle.length == 0) return 0;
  let count = 0;
  for (let at = source.indexOf(needle); at >= 0; at = source.indexOf(needle, at + needle.length)) count++;
  return count;
}

function copyReplacing(source: Bytes, needle: Bytes, replacement: Bytes, length: i32): Bytes {
  const result = Bytes.fromBuffer(new ArrayBuffer(length));
  let target = result.start;
  let from = 0;
  for (let at = source.indexOf(needle); at >= 0; at = source.indexOf(needle, from)) {
    memory.copy(target, source.start + from, at - from);
    target += at - from;
    memory.copy(target, replacement.start, replacement.length);
    target += replacement.length;
    from = at + needle.length;
  }
  memory.copy(target, source.start + from, source.length - from);
  return result;
}
