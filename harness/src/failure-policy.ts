import { HarnessError } from "./errors.ts";
import { oneOf } from "./options.ts";

const failurePolicies = ["FAIL_CLOSED", "FAIL_OPEN", "FAIL_RELOAD"] as const;
/**
 * What becomes of the streams that follow when a plugin's VM has trapped: they are refused with 503, pass without the
 * filter, or get a new VM.
 *
 * @category Start a proxy
 */
export type FailurePolicy = (typeof failurePolicies)[number];

/** How a plugin fails. */
export interface Failing {
  readonly policy: FailurePolicy;
  /** How long a VM is kept at least, dead or alive, before another one takes its place; of FAIL_RELOAD alone. */
  readonly reloadIntervalMs: number;
}

/** As Envoy has it when a configuration says nothing. */
export const failingClosed: Failing = { policy: "FAIL_CLOSED", reloadIntervalMs: 1_000 };

/** What a plugin's options say of it. */
interface FailingOptions {
  readonly failurePolicy?: FailurePolicy;
  readonly reloadIntervalMs?: number;
}

/** Envoy 1.40 divides by half of it. */
const leastIntervalMs = 2;

/** With the defaults. Refused with `invalid_input`. */
export function failingOf({ failurePolicy = "FAIL_CLOSED", reloadIntervalMs }: FailingOptions): Failing {
  const policy = oneOf("failurePolicy", failurePolicy, failurePolicies);
  if (reloadIntervalMs === undefined) return { ...failingClosed, policy };
  if (policy !== "FAIL_RELOAD") throw wrong(reloadIntervalMs, `means nothing with ${policy}: leave it out`);
  if (!Number.isInteger(reloadIntervalMs) || reloadIntervalMs < leastIntervalMs)
    throw wrong(
      reloadIntervalMs,
      `must be a whole number from 2 on: with less Envoy 1.40 ends at the first trap`,
    );
  return { policy, reloadIntervalMs };
}

function wrong(value: number, why: string): HarnessError {
  return new HarnessError("invalid_input", `reloadIntervalMs: ${value} ${why}`);
}
