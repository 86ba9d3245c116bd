import { Bytes, Counter, LabelledCounter } from "as-proxy-wasm";

const MOST_SERIES = 1_000;

const enabled = new LabelledCounter("rate_limit.enabled", ["rule"], MOST_SERIES);
const ok = new LabelledCounter("rate_limit.ok", ["rule"], MOST_SERIES);
const rateLimited = new LabelledCounter("rate_limit.rate_limited", ["rule"], MOST_SERIES);
const enforced = new LabelledCounter("rate_limit.enforced", ["rule"], MOST_SERIES);
const shadowMode = new LabelledCounter("rate_limit.shadow_mode", ["rule"], MOST_SERIES);
const tableFull = new LabelledCounter("rate_limit.table_full", ["rule"], MOST_SERIES);
const failed = new LabelledCounter("rate_limit.failed", ["rule"], MOST_SERIES);

/** What is counted for one rule; there with 0 once it is configured. `enabled` is always `ok` and `rate_limited`. */
export class RuleCounters {
  /** Requests that the rule was applied to. */
  readonly enabled: Counter;
  /** Those that it had room for, or let pass because it could not tell. */
  readonly ok: Counter;
  /** Those that it had no room for, or that it refused because it could not tell. */
  readonly rateLimited: Counter;
  /** Those of `rateLimited` that were answered for it. */
  readonly enforced: Counter;
  /** Those of `rateLimited` that passed, because the rule is in shadow mode. */
  readonly shadowMode: Counter;
  /** Those that there was no place in the table for. */
  readonly tableFull: Counter;
  /** Those whose count could not be kept. */
  readonly failed: Counter;

  constructor(rule: Bytes) {
    this.enabled = enabled.with(rule);
    this.ok = ok.with(rule);
    this.rateLimited = rateLimited.with(rule);
    this.enforced = enforced.with(rule);
    this.shadowMode = shadowMode.with(rule);
    this.tableFull = tableFull.with(rule);
    this.failed = failed.with(rule);
  }
}
