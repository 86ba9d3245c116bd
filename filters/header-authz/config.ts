import { Bytes, Configuration, isHeaderName, isHeaderValue, JsonObject } from "as-proxy-wasm";

/** What to do when a header that decides occurs more than once; the order is that of `REPEATED` in the JSON. */
export enum Repeated {
  /** Refuse the request, whatever the values. */
  Refuse,
  /** Look at the first value only. */
  First,
  /** Every value must satisfy an `allow` rule; one value is enough for a `deny` rule. */
  Every,
}

/** How a rule looks at its header; the order is that of `COMPARISONS`. */
export enum Comparison {
  Exact,
  Prefix,
  Present,
}

const REPEATED = ["refuse", "first", "every"];
const VERDICTS = ["allow", "deny"];
const COMPARISONS = ["exact", "prefix", "present"];

/** One rule: which requests it speaks of, and whether they pass. */
export class Rule {
  constructor(
    readonly isAllow: bool,
    readonly header: Bytes,
    readonly comparison: Comparison,
    /** What the value is compared with; no bytes when only its presence counts. */
    readonly operand: Bytes,
    readonly isInverted: bool,
  ) {}
}

/** The rules in their order, and the policy for repeated headers. */
export class HeaderAuthzConfiguration extends Configuration {
  readonly rules: Rule[] = [];
  repeated: Repeated = Repeated.Refuse;

  read(json: JsonObject): void {
    const rules = json.array("rules");
    for (let i = 0; i < rules.length; i++) this.rules.push(readRule(rules.object(i)));
    if (!this.canAllow()) rules.refuse("must hold an allow rule: no request could pass");
    this.repeated = json.oneOfOr("repeated", REPEATED, Repeated.Refuse);
  }

  private canAllow(): bool {
    for (let i = 0; i < this.rules.length; i++) {
      if (this.rules[i].isAllow) return true;
    }
    return false;
  }
}

function readRule(json: JsonObject): Rule {
  const verdict = json.oneKeyOf(VERDICTS);
  return readMatcher(VERDICTS[verdict] == "allow", json.object(VERDICTS[verdict]));
}

function readMatcher(isAllow: bool, json: JsonObject): Rule {
  const header = json.bytes("header");
  if (!isHeaderName(header)) json.refuse("header", "must be the name of a header");
  const comparison: Comparison = json.oneKeyOf(COMPARISONS);
  const operand = readOperand(json, comparison);
  return new Rule(isAllow, header, comparison, operand, json.booleanOr("invert", false));
}

function readOperand(json: JsonObject, comparison: Comparison): Bytes {
  const key = COMPARISONS[comparison];
  if (comparison == Comparison.Present) {
    if (!json.boolean(key)) json.refuse(key, "must be true; for an absent header say invert");
    return Bytes.EMPTY;
  }
  const operand = json.bytes(key);
  if (!isHeaderValue(operand)) json.refuse(key, "must not hold CR, LF or NUL");
  if (comparison == Comparison.Prefix && operand.length == 0)
    json.refuse(key, "must not be empty: say present");
  return operand;
}
