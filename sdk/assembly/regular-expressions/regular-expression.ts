import { Bytes } from "../bytes";
import { ExpressionParser } from "./parser";
import { Program } from "./program";
import { accepts } from "./simulation";

/**
 * A regular expression over bytes, in a subset of RE2's syntax: literals, `.`, classes with ranges and negation, `\d`,
 * `\w`, `\s` and their negations, `^`, `$`, `\b`, `\B`, groups, `|`, `*`, `+`, `?`, `{2,5}`, and `(?i)` as the
 * beginning for ASCII letters in either case. A text matches as a whole, as with Envoy's `safe_regex`. In contrast to RE2,
 * `.` is any one byte, also a newline, so that none hides what follows it. Time grows with the length of the text times
 * that of the expression, at most 1,000 instructions, whatever both hold; nothing is allocated. Source: RE2, "Syntax".
 *
 * @category Conditions
 */
export class RegularExpression {
  private constructor(
    private readonly program: Program,
    /** Why the expression was refused, with a place in bytes, from 0: `unmatched ( at 4`; null when it is sound. */
    readonly problem: string | null,
  ) {}

  /** Reads an expression; one that is refused says so by `problem`, and matches nothing. */
  static parse(pattern: Bytes, ignoresCase: bool = false): RegularExpression {
    const parser = new ExpressionParser(pattern, ignoresCase);
    const problem = parser.parse();
    return new RegularExpression(parser.program, problem);
  }

  /** Whether the whole of a text matches. */
  matches(text: Bytes): bool {
    return this.problem === null && accepts(this.program, text);
  }
}
