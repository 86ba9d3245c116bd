import { Configuration, FactsOptions, JsonObject, SeededRandom } from "as-proxy-wasm";
import { Rules } from "./rules/rules";
import { readRules } from "./rules/rule-reader";

/** On which responses a header stands; the order is that of `TOLD`. */
export enum Told {
  Refused,
  Always,
  Never,
}

const TOLD = ["refused", "always", "never"];

const MOST_KEYS: i64 = 1_000_000;
const DEFAULT_KEYS: i64 = 32_768;
const MOST_REFUSED_KEYS: i64 = 65_536;
const DEFAULT_REFUSED_KEYS: i64 = 1_024;
const LARGEST_SEED: i64 = 9_007_199_254_740_991;

/** The rules, and what they have in common. */
export class RateLimitConfiguration extends Configuration {
  rules: Rules = new Rules();
  /** How requests are read. */
  facts: FactsOptions = new FactsOptions();
  /** For how many keys at once there is a place in each table. */
  maxKeys: u32 = 0;
  /** For how many keys that a service has refused there is a place in each worker; 0 asks it each time. */
  maxRefusedKeys: i32 = 0;
  /** On which responses `RateLimit` and `RateLimit-Policy` stand. */
  rateLimit: Told = Told.Refused;
  /** On which responses `X-RateLimit-…` stand. */
  xRateLimit: Told = Told.Never;
  /** Draws the requests of fractions. */
  draws: SeededRandom = new SeededRandom(0);

  read(json: JsonObject): void {
    this.rules = readRules(json.array("rules"));
    this.facts = FactsOptions.read(json);
    this.maxKeys = <u32>json.integerOr("max_keys", 1, MOST_KEYS, DEFAULT_KEYS);
    const mostRefused = json.integerOr("max_refused_keys", 0, MOST_REFUSED_KEYS, DEFAULT_REFUSED_KEYS);
    this.maxRefusedKeys = <i32>mostRefused;
    this.rateLimit = json.oneOfOr("rate_limit_headers", TOLD, Told.Refused);
    this.xRateLimit = json.oneOfOr("x_rate_limit_headers", TOLD, Told.Never);
    const hasSeed = json.has("seed");
    this.draws = hasSeed
      ? new SeededRandom(json.integer("seed", 0, LARGEST_SEED))
      : SeededRandom.unforeseen();
  }
}
