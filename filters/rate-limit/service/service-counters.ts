import { Bytes, Counter, GrpcOutcome, LabelledCounter } from "as-proxy-wasm";

const MOST_SERIES = 1_000;

const asked = new LabelledCounter("rate_limit.service.asked", ["rule"], MOST_SERIES);
const notAsked = new LabelledCounter("rate_limit.service.not_asked", ["rule"], MOST_SERIES);
const timeout = new LabelledCounter("rate_limit.service.timeout", ["rule"], MOST_SERIES);
const unreachable = new LabelledCounter("rate_limit.service.unreachable", ["rule"], MOST_SERIES);
const error = new LabelledCounter("rate_limit.service.error", ["rule"], MOST_SERIES);
const abandoned = new LabelledCounter("rate_limit.service.abandoned", ["rule"], MOST_SERIES);

/** What is counted for a rule of a service beside what all rules count; there with 0 once it is configured. */
export class ServiceCounters {
  /** Calls to the service. */
  readonly asked: Counter;
  /** Requests that were refused without a call, for the service has lately refused their key. */
  readonly notAsked: Counter;
  /** Calls that were not answered in time. */
  readonly timeout: Counter;
  /** Calls that nobody took. */
  readonly unreachable: Counter;
  /** Calls that were answered by an error, broke off, or were answered by nothing that can be understood. */
  readonly error: Counter;
  /** Calls whose client left before they were answered. */
  readonly abandoned: Counter;

  constructor(rule: Bytes) {
    this.asked = asked.with(rule);
    this.notAsked = notAsked.with(rule);
    this.timeout = timeout.with(rule);
    this.unreachable = unreachable.with(rule);
    this.error = error.with(rule);
    this.abandoned = abandoned.with(rule);
  }

  /** Counts a call that was of no use. */
  countFailure(outcome: GrpcOutcome): void {
    if (outcome == GrpcOutcome.TimedOut) this.timeout.increment();
    else if (outcome == GrpcOutcome.Unreachable || outcome == GrpcOutcome.NotSent)
      this.unreachable.increment();
    else this.error.increment();
  }
}
