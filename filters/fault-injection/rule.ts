import {
  Bytes,
  Condition,
  Fraction,
  JsonArray,
  JsonObject,
  readCondition,
  RequestFacts,
  Truth,
} from "as-proxy-wasm";
import { Faults } from "./faults/faults";
import { readFaults } from "./faults/faults-reader";

const MOST_RULES = 64;
const LONGEST_NAME = 64;

/** Whom it hits, how often, and what it does. */
export class Rule {
  constructor(
    private readonly when: Condition | null,
    readonly percent: Fraction,
    readonly faults: Faults,
  ) {}

  /** Whether it speaks of a request: what is in doubt is let alone. */
  matches(facts: RequestFacts): bool {
    const when = this.when;
    return when === null || when.holds(facts) == Truth.Yes;
  }
}

/** Reads the rules in their order. */
export function readRules(json: JsonArray): Rule[] {
  if (json.length > MOST_RULES) json.refuse("must have at most 64 elements");
  const rules: Rule[] = [];
  for (let i = 0; i < json.length; i++) rules.push(readRule(json.object(i), rules));
  return rules;
}

function readRule(json: JsonObject, others: Rule[]): Rule {
  const when = json.has("when") ? readCondition(json, "when") : null;
  const faults = readFaults(json);
  if (!isName(faults.name)) json.refuse("name", "must be 1 to 64 of letters, digits, . _ and -");
  for (let i = 0; i < others.length; i++) {
    if (others[i].faults.name.equals(faults.name)) json.refuse("name", "must not be that of another rule");
  }
  return new Rule(when, Fraction.readOrAll(json, "percent"), faults);
}

function isName(name: Bytes): bool {
  for (let i = 0; i < name.length; i++) {
    const byte = name[i];
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isLetter && !isDigit && byte != 0x2e && byte != 0x5f && byte != 0x2d) return false;
  }
  return name.length > 0 && name.length <= LONGEST_NAME;
}
