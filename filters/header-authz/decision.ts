import { CREDENTIALS } from "./credentials/credential";
import { AuthzFacts } from "./facts";
import { Reason } from "./reason";
import { Rule } from "./rule";

/** What becomes of a request, and why. */
export class Decision {
  /** The rule that decided; -1 when none did. */
  rule: i32 = -1;
  /** The shadow rules that matched; null when none did. */
  shadows: i32[] | null = null;
  reason: Reason = Reason.NoRuleMatched;
  /** The credentials that the client could have brought; a bit for each kind. */
  wanted: u32 = 0;

  /** Notes that a shadow rule matched. */
  addShadow(rule: i32): void {
    const known = this.shadows;
    if (known === null) this.shadows = [rule];
    else known.push(rule);
  }
}

/** What the rules that allow looked for, and did not find. */
class Search {
  asked: u32 = 0;
  found: i32 = 0;
  absent: i32 = 0;
}

/** Applies the rules in their order until one decides. */
export function decide(rules: Rule[], facts: AuthzFacts): Decision {
  const decision = new Decision();
  const search = new Search();
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i];
    facts.asked = 0;
    facts.lacksCredential = false;
    const found = facts.valuesFound;
    const absent = facts.valuesAbsent;
    const matches = rule.matches(facts);
    if (rule.isShadow) {
      facts.sawRepeated = false;
      if (matches) decision.addShadow(i);
      continue;
    }
    if (facts.sawRepeated) return refuse(decision, Reason.RepeatedHeader);
    if (matches) return decideBy(rule, i, facts, decision);
    if (!rule.isAllow) continue;
    search.asked |= facts.asked;
    search.found += facts.valuesFound - found;
    search.absent += facts.valuesAbsent - absent;
  }
  return refuse(decision, whyNot(search, facts, decision));
}

function decideBy(rule: Rule, index: i32, facts: AuthzFacts, decision: Decision): Decision {
  decision.rule = index;
  if (rule.isAllow) return refuse(decision, Reason.Allowed);
  decision.wanted = facts.asked;
  const lacking = lackOf(facts.asked, facts);
  const isLack = facts.lacksCredential || lacking == Reason.KeysNotReady;
  return refuse(decision, isLack ? lacking : Reason.DeniedByRule);
}

function refuse(decision: Decision, reason: Reason): Decision {
  decision.reason = reason;
  return decision;
}

/** Why no rule matched. */
function whyNot(search: Search, facts: AuthzFacts, decision: Decision): Reason {
  decision.wanted = search.asked;
  if (search.asked != 0) return lackOf(search.asked, facts);
  return search.found == 0 && search.absent > 0 ? Reason.MissingHeader : Reason.NoRuleMatched;
}

/** What is wrong with the credentials that were asked for: keys that are not there come first, then what is wrong, then what is missing. */
function lackOf(asked: u32, facts: AuthzFacts): Reason {
  let lack = Reason.MissingCredential;
  let isProven = false;
  for (let kind = 0; kind < CREDENTIALS.length; kind++) {
    if ((asked & (1 << kind)) == 0) continue;
    const identity = facts.identity(kind);
    if (identity.reason == Reason.KeysNotReady) return Reason.KeysNotReady;
    if (identity.isProven) isProven = true;
    else if (lack == Reason.MissingCredential) lack = identity.reason;
  }
  return lack == Reason.MissingCredential && isProven ? Reason.NoRuleMatched : lack;
}
