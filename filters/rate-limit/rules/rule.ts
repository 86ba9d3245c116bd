import { Bytes, Condition, Fraction, RequestFacts, Truth } from "as-proxy-wasm";
import { RuleCounters } from "../stats";

/** What becomes of a request that has no value for a part of the key; the order is that of `ON_MISSING`. */
export enum OnMissing {
  /** All those that lack the same parts count against one limit. */
  Share,
  /** The rule is not applied to it. */
  Skip,
  /** It is refused. */
  Deny,
}

/** What becomes of a request that a rule cannot judge; the order is that of `VERDICTS`. */
export enum Verdict {
  Allow,
  Deny,
}

/** What a rule does with what it finds. */
export class RulePolicy {
  constructor(
    readonly onMissing: OnMissing,
    readonly onFull: Verdict,
    readonly onFailure: Verdict,
    /** Whether refusals are only counted. */
    readonly isShadow: bool,
    /** The part of the requests that the rule is applied to. */
    readonly enabled: Fraction,
    /** The part of the refusals that are answered. */
    readonly enforced: Fraction,
  ) {}
}

/** Which requests are to be limited, wherever they are counted. */
export abstract class Rule {
  readonly counters: RuleCounters;

  constructor(
    readonly name: Bytes,
    private readonly condition: Condition | null,
    readonly policy: RulePolicy,
  ) {
    this.counters = new RuleCounters(name);
  }

  /** Whether it speaks of a request; in doubt it does. */
  speaksOf(facts: RequestFacts): bool {
    const condition = this.condition;
    return condition === null || condition.holds(facts) != Truth.No;
  }
}
