import { Pattern } from "./pattern";

/** A count beyond this is refused, as RE2 does. */
const MOST_TIMES = 1000;

/** How often something may occur. */
export class Times {
  constructor(
    readonly least: i32,
    /** -1 when there is no limit. */
    readonly most: i32,
  ) {}
}

/** Whether a byte begins a repetition. */
export function isRepetition(byte: u32): bool {
  return byte == 0x2a || byte == 0x2b || byte == 0x3f || byte == 0x7b;
}

/** Reads `*`, `+`, `?` or `{2,5}`, and a `?` behind it, which says which of the matches to take: here they are equal. */
export function readRepetition(pattern: Pattern): Times {
  const kind = pattern.take();
  const times = kind == 0x7b ? readCounts(pattern) : new Times(kind == 0x2b ? 1 : 0, kind == 0x3f ? 1 : -1);
  pattern.takes(0x3f);
  return times;
}

function readCounts(pattern: Pattern): Times {
  const opened = pattern.at - 1;
  const least = pattern.takeNumber();
  let most = least;
  if (least >= 0 && pattern.takes(0x2c)) most = pattern.takeNumber();
  const isClosed = least >= 0 && pattern.takes(0x7d);
  if (!isClosed) pattern.refuse("a { that is no repetition such as {2,5}: say \\{", opened);
  if (max(least, most) > MOST_TIMES) pattern.refuse("more than 1000 repetitions", opened);
  if (most >= 0 && most < least) pattern.refuse("a repetition whose most is less than its least", opened);
  return pattern.problem === null ? new Times(least, most) : new Times(1, 1);
}
