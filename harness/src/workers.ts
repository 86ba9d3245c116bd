import type { EnvoySettings } from "./backend.ts";
import { HarnessError } from "./errors.ts";

/** More than any machine of Envoy's has; the embedded backend takes a second to start so many VMs. */
const mostWorkers = 1_000;

/** How many worker threads were asked for; undefined when nobody did. Refused with `invalid_input`. */
export function workersOf({ concurrency }: Partial<EnvoySettings> = {}): number | undefined {
  if (concurrency === undefined) return undefined;
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= mostWorkers) return concurrency;
  throw new HarnessError(
    "invalid_input",
    `envoy.concurrency: ${concurrency} must be a whole number from 1 to ${mostWorkers}`,
  );
}
