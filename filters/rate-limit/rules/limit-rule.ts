import { Bytes, Condition } from "as-proxy-wasm";
import { Key } from "../keys/key";
import { Limit } from "../limits/limit";
import { Override } from "./override";
import { Rule, RulePolicy } from "./rule";

/** A limit for each key, which the workers of this proxy count. */
export class LimitRule extends Rule {
  constructor(
    name: Bytes,
    condition: Condition | null,
    policy: RulePolicy,
    readonly key: Key,
    readonly limit: Limit,
    private readonly overrides: Override[],
  ) {
    super(name, condition, policy);
  }

  /** The limit for a key with these values: that of the first override that names them, else the rule's own. */
  limitOf(values: Array<Bytes | null>): Limit {
    for (let i = 0; i < this.overrides.length; i++) {
      if (this.overrides[i].names(values)) return this.overrides[i].limit;
    }
    return this.limit;
  }
}
