/** What a matcher says. */
export interface Judgement {
  pass: boolean;
  message: () => string;
}

/** `expected not wanted, but seen`; `seen` is asked on failure alone, and says what there was in either case. */
export function judge(pass: boolean, wanted: string, seen: () => string): Judgement {
  return { pass, message: () => `expected ${pass ? "not " : ""}${wanted}, but ${seen()}` };
}

/**
 * Of a negated matcher whose name nothing has ever had: it fails, for a mistyped name would hold whatever happens.
 * `absence` is what says that there may be none.
 */
export function judgeNone(wanted: string, seen: string, absence: string): Judgement {
  return judge(true, wanted, () => `${seen}\nIf there may be none, say .not.${absence}`);
}

/** Of a negated matcher that found nothing, where something was let go of: it fails, for that could tell otherwise. */
export function judgeUnsure(wanted: string, omitted: number, noun: string): Judgement {
  return judge(true, wanted, () => `the first ${omitted} ${noun} are not kept: send less, or look before`);
}

/** By two spaces. */
export function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

const lineLimit = 30;

/** A line each, indented; the first of them when there are many. */
export function listed(lines: readonly string[], none: string): string {
  if (lines.length === 0) return indent(none);
  const rest = lines.length - lineLimit;
  const shown = rest > 0 ? [...lines.slice(0, lineLimit), `… and ${rest} more`] : lines;
  return indent(shown.join("\n"));
}

/** Text that is, contains or matches a message. */
export function matches(text: string, message: string | RegExp): boolean {
  return typeof message === "string" ? text.includes(message) : text.search(message) >= 0;
}
