import { ByteSet, namedSet } from "./byte-set";
import { readEscape } from "./escape";
import { Pattern } from "./pattern";

const DASH: u32 = 0x2d;
const BACKSLASH: u32 = 0x5c;
const CLOSE: u32 = 0x5d;

/** Reads a class such as `[^a-f\d_]`, whose `[` was read; what is wrong with it is the pattern's problem. */
export function readClass(pattern: Pattern, ignoresCase: bool): ByteSet {
  const opened = pattern.at - 1;
  const isInverted = pattern.takes(0x5e);
  const set = new ByteSet();
  if (pattern.next == CLOSE) pattern.refuse("an empty class", opened);
  while (!pattern.isAtEnd && pattern.next != CLOSE) readItem(pattern, set);
  if (!pattern.takes(CLOSE)) pattern.refuse("unmatched [", opened);
  if (ignoresCase) set.ignoreCase();
  if (isInverted) set.invert();
  return set;
}

/** Reads a byte, a range or a set such as `\d`. */
function readItem(pattern: Pattern, set: ByteSet): void {
  const named = takeNamed(pattern);
  if (named !== null) {
    set.addAll(named);
    if (isRangeNext(pattern)) pattern.refuse("a range that begins with a set", pattern.at);
    return;
  }
  const at = pattern.at;
  const first = readByte(pattern);
  if (!isRangeNext(pattern)) {
    set.add(first);
    return;
  }
  pattern.at++;
  const last = readByte(pattern);
  if (first == DASH || last < first) pattern.refuse("a range that ends before it begins", at);
  set.addRange(first, last);
  if (isRangeNext(pattern)) pattern.refuse("a - that is no range: say \\-", pattern.at);
}

function isRangeNext(pattern: Pattern): bool {
  return pattern.next == DASH && pattern.ahead(1) != CLOSE && pattern.ahead(1) != 0;
}

function takeNamed(pattern: Pattern): ByteSet | null {
  const named = pattern.next == BACKSLASH ? namedSet(pattern.ahead(1)) : null;
  if (named !== null) pattern.at += 2;
  return named;
}

function readByte(pattern: Pattern): u32 {
  const at = pattern.at;
  const byte = pattern.take();
  if (byte == BACKSLASH) return readEscape(pattern);
  if (byte == 0x5b && pattern.next == 0x3a) pattern.refuse("a named class such as [:alpha:]", at);
  if (byte >= 0x80) pattern.refuse("a character of several bytes in a class", at);
  return byte;
}
