import { Bytes, utf8 } from "as-proxy-wasm";

/** A path with segments of any value: `/users/{id}`, `/files/**`. */
export class PathTemplate {
  constructor(
    /** The segments; null stands for one of any value. */
    private readonly segments: Array<Bytes | null>,
    /** Whether any number of segments may follow. */
    private readonly isOpen: bool,
    /** What the label says: the template, with `:id` for `{id}`, for braces end a label in Envoy's names. */
    readonly label: Bytes,
  ) {}

  /** Whether a path, without its query, is one of these. */
  matches(path: Bytes): bool {
    let at = 0;
    for (let i = 0; i < this.segments.length; i++) {
      if (path[at] != SLASH) return false;
      const end = segmentEnd(path, at + 1);
      if (!isSame(this.segments[i], path.slice(at + 1, end))) return false;
      at = end;
    }
    return at == path.length || (this.isOpen && path[at] == SLASH);
  }
}

const SLASH: u8 = 0x2f;

/** Null when the text is no template. */
export function parseTemplate(text: Bytes): PathTemplate | null {
  if (text[0] != SLASH || text.length > 100) return null;
  const segments: Array<Bytes | null> = [];
  let label = Bytes.EMPTY;
  for (let at = 0; at < text.length;) {
    const end = segmentEnd(text, at + 1);
    const segment = text.slice(at + 1, end);
    const isRest = segment.equals(utf8("**"));
    if (isRest) return end < text.length ? null : new PathTemplate(segments, true, label.concat(utf8("/**")));
    if (!isSegment(segment, text.length == 1)) return null;
    segments.push(isAny(segment) ? null : segment.copy());
    label = label.concat(utf8("/")).concat(labelOf(segment));
    at = end;
  }
  return new PathTemplate(segments, false, label);
}

function isSame(wanted: Bytes | null, segment: Bytes): bool {
  return wanted === null ? segment.length > 0 : wanted.equals(segment);
}

/** `*`, `{name}`, or a literal that has none of what a template gives a meaning to. */
function isSegment(segment: Bytes, isRoot: bool): bool {
  if (segment.length == 0) return isRoot;
  return isAny(segment) || !hasSpecial(segment);
}

function isAny(segment: Bytes): bool {
  const last = segment.length - 1;
  if (segment[0] == 0x2a) return last == 0;
  return segment[0] == 0x7b && segment[last] == 0x7d && last > 1 && !hasSpecial(segment.slice(1, last));
}

function hasSpecial(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (byte == 0x2a || byte == 0x7b || byte == 0x7d || byte == 0x3f || byte == 0x23 || byte <= 0x20)
      return true;
  }
  return false;
}

function labelOf(segment: Bytes): Bytes {
  return segment[0] == 0x7b ? utf8(":").concat(segment.slice(1, segment.length - 1)) : segment;
}

function segmentEnd(path: Bytes, from: i32): i32 {
  let end = from;
  while (end < path.length && path[end] != SLASH) end++;
  return end;
}
