import { Configuration, FactsOptions, JsonObject } from "as-proxy-wasm";
import { HeaderControl } from "./requests/header-control";
import { readHeaderControl } from "./requests/header-control-reader";
import { readRules, Rule } from "./rule";

const LARGEST_SEED: i64 = 9_007_199_254_740_991;

/** Stands for a seed or a limit that nobody named. */
export const UNNAMED: i64 = -1;

/** The rules, and what requests may ask for themselves. */
export class FaultConfiguration extends Configuration {
  rules: Rule[] = [];
  headerControl: HeaderControl | null = null;
  /** How many requests may be hit at once, in all workers together; or `UNNAMED`. */
  maxActiveFaults: i64 = UNNAMED;
  /** Or `UNNAMED`. */
  seed: i64 = UNNAMED;
  /** How requests are read. */
  facts: FactsOptions = new FactsOptions();

  read(json: JsonObject): void {
    this.rules = readRules(json.arrayOrEmpty("rules"));
    if (json.has("header_control")) this.headerControl = readHeaderControl(json.object("header_control"));
    if (this.rules.length == 0 && this.headerControl === null)
      json.refuse("rules", "must hold a rule, or header_control must be there: nothing would be done");
    this.maxActiveFaults = json.integerOr("max_active_faults", 0, u32.MAX_VALUE, UNNAMED);
    this.seed = json.integerOr("seed", 0, LARGEST_SEED, UNNAMED);
    this.facts = FactsOptions.read(json);
  }
}
