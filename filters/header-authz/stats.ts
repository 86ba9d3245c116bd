import { Counter } from "as-proxy-wasm";
import { Reason, REASON_COUNT, reasonName } from "./reason";
import { Rule } from "./rule";

const denied = new Counter("header_authz.denied");
const shadowDenied = new Counter("header_authz.shadow_denied");
const reasons = reasonCounters();

function reasonCounters(): StaticArray<Counter | null> {
  const counters = new StaticArray<Counter | null>(REASON_COUNT);
  for (let i = 0; i < REASON_COUNT; i++) counters[i] = new Counter("header_authz." + reasonName(i));
  return counters;
}

/** Counts decisions: by their outcome, their reason, and the rules that have a name. */
export class Stats {
  private readonly rules: Array<Counter | null> = [];

  constructor(rules: Rule[]) {
    for (let i = 0; i < rules.length; i++) {
      const name = rules[i].name;
      this.rules.push(name.length == 0 ? null : new Counter("header_authz.rule." + name));
    }
  }

  /** A request passes or is refused, for a reason; or would be refused, were the filter not a shadow. */
  count(reason: Reason, isShadow: bool): void {
    const counter = reasons[reason];
    if (counter !== null) counter.increment();
    if (reason == Reason.Allowed) return;
    if (isShadow) shadowDenied.increment();
    else denied.increment();
  }

  /** A rule matched; -1 is none. */
  countRule(index: i32): void {
    if (index < 0) return;
    const counter = this.rules[index];
    if (counter !== null) counter.increment();
  }
}
