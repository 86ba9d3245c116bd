import { Plugin, RequestFacts, RequestHeaders, SeededRandom } from "as-proxy-wasm";
import { ActiveFaults } from "./active/active-faults";
import { FaultConfiguration, UNNAMED } from "./config";
import { Faults } from "./faults/faults";
import { removeControl } from "./requests/header-control";
import { faultsOverflow } from "./stats";

/** What the streams of a plugin share: the dice, and how many of them are hit. */
export class FaultPlugin extends Plugin<FaultConfiguration> {
  random: SeededRandom = new SeededRandom(0);
  private active: ActiveFaults | null = null;

  onConfigured(): void {
    const seed = this.config.seed;
    this.random = seed == UNNAMED ? SeededRandom.unforeseen() : new SeededRandom(seed);
    const limit = this.config.maxActiveFaults;
    const active = new ActiveFaults(this, limit == UNNAMED ? u64.MAX_VALUE : limit);
    active.onTime();
    this.active = active;
  }

  /** What is to be done to a request, which then counts as hit until `end`; null when nothing is. */
  begin(headers: RequestHeaders): Faults | null {
    const faults = this.choose(headers);
    const active = this.active;
    if (faults === null || active === null) return null;
    if (active.begin()) return faults;
    faultsOverflow.increment();
    return null;
  }

  /** A request that was hit is over. */
  end(): void {
    const active = this.active;
    if (active !== null) active.end();
  }

  /** What a request may ask for goes before the rules, of which the first that matches counts. */
  private choose(headers: RequestHeaders): Faults | null {
    const control = this.config.headerControl;
    if (control !== null) {
      const asked = control.faultsOf(new RequestFacts(headers, this.config.facts), this.random);
      removeControl(headers);
      if (asked !== null) return asked;
    }
    const facts = new RequestFacts(headers, this.config.facts);
    const rules = this.config.rules;
    for (let i = 0; i < rules.length; i++) {
      if (rules[i].matches(facts)) return rules[i].percent.draw(this.random) ? rules[i].faults : null;
    }
    return null;
  }
}
