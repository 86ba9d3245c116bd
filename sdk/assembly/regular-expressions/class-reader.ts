import { addByte, addNamed, beginSet, ignoreCase, invertSet } from "./byte-set";
import { readEscape } from "./escape";
import { Pattern } from "./pattern";

const DASH: u32 = 0x2d;
const BACKSLASH: u32 = 0x5c;
const CLOSE: u32 = 0x5d;

/** Reads a class such as `[^a-f\d_]`, whose `[` was read, as the set; what is wrong with it is the pattern's problem. */
export function readClass(pattern: Pattern, ignoresCase: bool): void {
  const opened = pattern.at - 1;
  const isInverted = pattern.takes(0x5e);
  beginSet();
  if (pattern.next == CLOSE) pattern.refuse("an empty class", opened);
  while (!pattern.isAtEnd && pattern.next != CLOSE) readItem(pattern);
  if (!pattern.takes(CLOSE)) pattern.refuse("unmatched [", opened);
  if (ignoresCase) ignoreCase();
  if (isInverted) invertSet();
}

/** Reads a byte, a range or a set such as `\d`. */
function readItem(pattern: Pattern): void {
  const at = pattern.at;
  if (pattern.next == BACKSLASH && addNamed(pattern.ahead(1))) {
    pattern.moveTo(at + 2);
    if (isRangeNext(pattern)) pattern.refuse("a range that begins with a set", pattern.at);
    return;
  }
  const first = readByte(pattern);
  let last = first;
  if (isRangeNext(pattern)) {
    pattern.take();
    last = readByte(pattern);
    if (first == DASH || last < first) pattern.refuse("a range that ends before it begins", at);
    if (isRangeNext(pattern)) pattern.refuse("a - that is no range: say \\-", pattern.at);
  }
  for (let byte = first; byte <= last; byte++) addByte(byte);
}

function isRangeNext(pattern: Pattern): bool {
  return pattern.next == DASH && pattern.ahead(1) != CLOSE && pattern.ahead(1) != 0;
}

function readByte(pattern: Pattern): u32 {
  const at = pattern.at;
  const byte = pattern.take();
  if (byte == BACKSLASH) return readEscape(pattern);
  if (byte == 0x5b && pattern.next == 0x3a) pattern.refuse("a named class such as [:alpha:]", at);
  if (byte >= 0x80) pattern.refuse("a character of several bytes in a class", at);
  return byte;
}
