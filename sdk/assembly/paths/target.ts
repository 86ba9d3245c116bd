import { Bytes, utf8 } from "../bytes";
import { normalize } from "./normalization";
import { PathOptions } from "./options";

/**
 * What a request asks for, as the pseudo-header `:path` has it, in parts that can be compared. Source: RFC 9112, 3.2.
 *
 * @category Conditions
 */
export class RequestTarget {
  private constructor(
    /**
     * The path in its normal form: percent-decoded exactly once, `\` as `/`, runs of slashes as one, without `.` and `..`.
     * Null in doubt: an escape is malformed, the decoded bytes are no UTF-8, `..` follows an empty segment, which servers
     * leave in two ways, an option of `PathOptions` says so, or the target is none of a path or a URL.
     */
    readonly path: Bytes | null,
    /** What stands between `?` and `#`, as it was sent; no bytes when there is none. */
    readonly query: Bytes,
  ) {}

  /** Takes a target apart; `/a?b`, `http://host/a?b` and `*` are targets. Allocates at most as many bytes as it has. */
  static parse(target: Bytes, options: PathOptions): RequestTarget {
    const whole = withoutFragment(target);
    const question = find(whole, 0x3f);
    const path = pathOf(whole.slice(0, question));
    return new RequestTarget(path === null ? null : normalize(path, options), whole.slice(question + 1));
  }
}

/** A path, also that of a URL; null when this is neither. */
function pathOf(target: Bytes): Bytes | null {
  const first = target[0];
  if (first == 0x2f || first == 0x5c || target.equals(utf8("*"))) return target;
  const authority = target.indexOf(utf8("://"));
  if (authority <= 0 || !isScheme(target.slice(0, authority))) return null;
  const rest = target.slice(authority + 3);
  const slash = min(find(rest, 0x2f), find(rest, 0x5c));
  return slash == rest.length ? utf8("/") : rest.slice(slash);
}

function isScheme(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte: u32 = text[i];
    if ((byte | 0x20) - 0x61 >= 26 && byte - 0x30 >= 10 && byte != 0x2b && byte != 0x2d && byte != 0x2e)
      return false;
  }
  return true;
}

function withoutFragment(target: Bytes): Bytes {
  return target.slice(0, find(target, 0x23));
}

/** Where a byte stands first; the length when nowhere. */
function find(text: Bytes, byte: u8): i32 {
  let at = 0;
  while (at < text.length && text[at] != byte) at++;
  return at;
}
