import { Condition, JsonObject, RequestFacts, Truth } from "as-proxy-wasm";
import { isRuleName } from "./names";
import { AuthzConditionReader } from "./conditions/reader";

const VERDICTS = ["allow", "deny"];

/** One rule: which requests it speaks of, and whether they pass. */
export class Rule {
  constructor(
    readonly isAllow: bool,
    readonly condition: Condition,
    /** What stats, details and log call it; no text when it has no name. */
    readonly name: string,
    /** Whether it is only counted, and decides nothing. */
    readonly isShadow: bool,
  ) {}

  /** Reads one from its JSON. */
  static read(json: JsonObject, reader: AuthzConditionReader): Rule {
    const verdict = VERDICTS[json.oneKeyOf(VERDICTS)];
    const condition = reader.read(json, verdict);
    const name = json.stringOr("name", "");
    if (json.has("name") && !isRuleName(name))
      json.refuse("name", "must be 1 to 64 of the characters a to z, 0 to 9 and _");
    return new Rule(verdict == "allow", condition, name, json.booleanOr("shadow", false));
  }

  /** Whether it speaks of a request; doubt refuses: it matches a rule that denies, and none that allows. */
  matches(facts: RequestFacts): bool {
    const truth = this.condition.holds(facts);
    return this.isAllow ? truth == Truth.Yes : truth != Truth.No;
  }
}
