import { Bytes, RequestHeaders } from "as-proxy-wasm";
import { Comparison, HeaderAuthzConfiguration, Repeated, Rule } from "./config";

/** What becomes of a request, and why. */
export enum Decision {
  /** The first rule that matched allows it. */
  Allowed,
  /** The first rule that matched denies it. */
  DeniedByRule,
  /** No rule matched, and none of the headers that an `allow` rule reads is there. */
  MissingHeader,
  /** No rule matched. */
  NoRuleMatched,
  /** A header that was about to decide occurs more than once. */
  RepeatedHeader,
}

/** Applies the rules in their order until one decides. */
export function decide(config: HeaderAuthzConfiguration, headers: RequestHeaders): Decision {
  let sawCredential = false;
  for (let i = 0; i < config.rules.length; i++) {
    const rule = config.rules[i];
    const values = headers.getAll(rule.header);
    if (values.length > 1 && config.repeated == Repeated.Refuse) return Decision.RepeatedHeader;
    if (matches(rule, values, config.repeated))
      return rule.isAllow ? Decision.Allowed : Decision.DeniedByRule;
    if (rule.isAllow && values.length > 0) sawCredential = true;
  }
  return sawCredential ? Decision.NoRuleMatched : Decision.MissingHeader;
}

function matches(rule: Rule, values: Bytes[], repeated: Repeated): bool {
  if (values.length == 0) return matchesAbsence(rule);
  if (repeated == Repeated.Every && values.length > 1) return matchesAmong(rule, values);
  return matchesValue(rule, values[0]);
}

/**
 * Absence satisfies a rule that asks for it: `present`, inverted. "Any value but this one" is in doubt when there is no
 * value, and doubt refuses: such a rule denies, and does not allow.
 */
function matchesAbsence(rule: Rule): bool {
  return rule.isInverted && (rule.comparison == Comparison.Present || !rule.isAllow);
}

/** Among several values the stricter reading counts: all of them to allow, any of them to deny. */
function matchesAmong(rule: Rule, values: Bytes[]): bool {
  for (let i = 0; i < values.length; i++) {
    if (matchesValue(rule, values[i]) != rule.isAllow) return !rule.isAllow;
  }
  return rule.isAllow;
}

function matchesValue(rule: Rule, value: Bytes): bool {
  return satisfies(rule, value) != rule.isInverted;
}

function satisfies(rule: Rule, value: Bytes): bool {
  switch (rule.comparison) {
    case Comparison.Exact:
      return value.equals(rule.operand);
    case Comparison.Prefix:
      return value.startsWith(rule.operand);
    default:
      return true;
  }
}
