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

  /** A shadow rule was looked at: whether it matched is noted, and what it read twice refuses nobody. */
  passShadow(rule: i32, matches: bool, facts: AuthzFacts): void {
    facts.sawRepeated = false;
    if (!matches) return;
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
  private foundBefore: i32 = 0;
  private absentBefore: i32 = 0;

  /** A rule is about to be looked at. */
  begin(facts: AuthzFacts): void {
    facts.asked = 0;
    facts.lacksCredential = false;
    this.foundBefore = facts.valuesFound;
    this.absentBefore = facts.valuesAbsent;
  }

  /** A rule that allows did not match. */
  addMiss(facts: AuthzFacts): void {
    this.asked |= facts.asked;
    this.found += facts.valuesFound - this.foundBefore;
    this.absent += facts.valuesAbsent - this.absentBefore;
  }
}

/** Applies the rules in their order until one decides. */
export function decide(rules: Rule[], facts: AuthzFacts): Decision {
  const decision = new Decision();
  const search = new Search();
  for (let i = 0; i < rules.length; i++) {
    search.begin(facts);
    const matches = rules[i].matches(facts);
    if (rules[i].isShadow) decision.passShadow(i, matches, facts);
    else if (facts.sawRepeated) return close(decision, Reason.RepeatedHeader);
    else if (matches) {
      decision.rule = i;
      return decideBy(rules[i], facts, decision);
    } else if (rules[i].isAllow) search.addMiss(facts);
  }
  return close(decision, whyNot(search, facts, decision));
}

function decideBy(rule: Rule, facts: AuthzFacts, decision: Decision): Decision {
  if (rule.isAllow) return close(decision, Reason.Allowed);
  decision.wanted = facts.asked;
  const lacking = lackOf(facts.asked, facts);
  const isLack = facts.lacksCredential || lacking == Reason.KeysNotReady;
  return close(decision, isLack ? lacking : Reason.DeniedByRule);
}

function close(decision: Decision, reason: Reason): Decision {
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
