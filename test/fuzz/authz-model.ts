import type { AuthzConfiguration, Matcher } from "./configurations.ts";
import type { FuzzRequest } from "./traffic.ts";

/** What header-authz must do with a request: null lets it pass, else the reason code without its prefix. */
export function decide(
  { rules, repeated = "refuse" }: AuthzConfiguration,
  { headers }: FuzzRequest,
): string | null {
  let sawCredential = false;
  for (const rule of rules) {
    const isAllow = "allow" in rule;
    const matcher = isAllow ? rule.allow : rule.deny;
    const values = headers
      .filter(([name]) => name.toLowerCase() === matcher.header.toLowerCase())
      .map(([, value]) => Buffer.from(value));
    if (values.length > 1 && repeated === "refuse") return "repeated_header";
    const counted = repeated === "every" ? values : values.slice(0, 1);
    if (matches(matcher, counted, isAllow)) return isAllow ? null : "denied_by_rule";
    sawCredential ||= isAllow && values.length > 0;
  }
  return sawCredential ? "no_rule_matched" : "missing_header";
}

function matches(matcher: Matcher, values: readonly Buffer[], isAllow: boolean): boolean {
  const isInverted = matcher.invert === true;
  if (values.length === 0) return isInverted && (matcher.present === true || !isAllow);
  const each = values.map((value) => compares(matcher, value) !== isInverted);
  return isAllow ? each.every(Boolean) : each.some(Boolean);
}

function compares({ exact, prefix }: Matcher, value: Buffer): boolean {
  if (exact !== undefined) return value.equals(Buffer.from(exact));
  if (prefix === undefined) return true;
  const wanted = Buffer.from(prefix);
  return value.subarray(0, wanted.length).equals(wanted);
}
