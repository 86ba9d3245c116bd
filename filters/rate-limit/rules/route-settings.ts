import { Bytes, Configuration, JsonObject } from "as-proxy-wasm";
import { Limit } from "../limits/limit";
import { readLimit } from "../limits/limit-reader";

const CHANGES = ["disabled", "limit"];

/** What a route, or its virtual host, says of one rule. */
class RuleChange {
  constructor(
    readonly name: Bytes,
    /** The limit on this route; null when the rule is not applied. */
    readonly limit: Limit | null,
  ) {}
}

/** What a route, or its virtual host, has in `metadata.filter_metadata["rate-limit"]`. */
export class RouteSettings extends Configuration {
  /** Whether no rule is applied. */
  isDisabled: bool = false;
  private readonly changes: RuleChange[] = [];

  read(json: JsonObject): void {
    this.isDisabled = json.booleanOr("disabled", false);
    const rules = json.arrayOrEmpty("rules");
    for (let i = 0; i < rules.length; i++) this.changes.push(readChange(rules.object(i)));
  }

  /** Whether a rule is not applied. */
  disables(rule: Bytes): bool {
    const change = this.changeOf(rule);
    return this.isDisabled || (change !== null && change.limit === null);
  }

  /** The limit of a rule, overrides by value included; null when the route leaves it as it is. */
  limitOf(rule: Bytes): Limit | null {
    const change = this.changeOf(rule);
    return change === null ? null : change.limit;
  }

  private changeOf(rule: Bytes): RuleChange | null {
    for (let i = 0; i < this.changes.length; i++) {
      if (this.changes[i].name.equals(rule)) return this.changes[i];
    }
    return null;
  }
}

function readChange(json: JsonObject): RuleChange {
  const name = json.bytes("name");
  if (json.oneKeyOf(CHANGES) == 1) return new RuleChange(name, readLimit(json.object("limit")));
  if (!json.boolean("disabled")) json.refuse("disabled", "must be true");
  return new RuleChange(name, null);
}
