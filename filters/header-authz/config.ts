import { Configuration, FactsOptions, JsonObject } from "as-proxy-wasm";
import { AuthzConditionReader } from "./conditions/reader";
import { Credential, CREDENTIALS } from "./credentials/credential";
import { Rule } from "./rule";

/** The rules in their order, and how requests are read for them. */
export class HeaderAuthzConfiguration extends Configuration {
  readonly rules: Rule[] = [];
  readonly credentials: Array<Credential | null> = new Array<Credential | null>(CREDENTIALS.length);
  facts: FactsOptions = new FactsOptions();
  /** Whether requests pass that would be refused. */
  isShadow: bool = false;

  read(json: JsonObject): void {
    this.readRules(json);
    this.facts = FactsOptions.read(json);
    this.isShadow = json.booleanOr("shadow", false);
  }

  private readRules(json: JsonObject): void {
    const reader = new AuthzConditionReader(this.credentials);
    const rules = json.array("rules");
    for (let i = 0; i < rules.length; i++) this.rules.push(Rule.read(rules.object(i), reader));
    if (!this.canAllow()) rules.refuse("must hold an allow rule: no request could pass");
  }

  private canAllow(): bool {
    for (let i = 0; i < this.rules.length; i++) {
      if (this.rules[i].isAllow && !this.rules[i].isShadow) return true;
    }
    return false;
  }
}
