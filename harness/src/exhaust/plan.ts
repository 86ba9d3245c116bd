import { allFailures, possibleFailures } from "../module/abi-statuses.ts";
import type { HostCallName } from "../module/abi-calls.ts";
import type { Made } from "./calls.ts";
import type { Settings } from "./options.ts";
import { failingAllocation, failingCall, trappingCallback, type Strike } from "./strike.ts";

/** What is to be tried. */
export interface Plan {
  readonly strikes: readonly Strike[];
  /** How many runs the option `occurrences` leaves out. */
  readonly leftOut: number;
}

/** Every call that fails for good comes before single calls and traps, then allocations. */
export function planOf(made: readonly Made[], allocations: number, settings: Settings): Plan {
  const calls = made.filter(({ kind }) => kind === "host_call");
  const failures = settings.statuses === "all" ? allFailures : possibleFailures;
  const failing = (chosen: readonly Made[], isEvery: boolean): Strike[] =>
    chosen.flatMap((call) =>
      failures(call.name as HostCallName).map((failure) => failingCall(call, failure, isEvery)),
    );
  const every = failing(
    calls.filter(({ nth }) => nth === 1),
    true,
  );
  const alone = [...failing(calls, false), ...trapsOf(made, settings)];
  const chosen = alone.filter(({ nth }) => (nth ?? 1) <= settings.occurrences);
  return {
    strikes: [...every, ...chosen, ...allocationsOf(made, allocations, settings)],
    leftOut: alone.length - chosen.length,
  };
}

function allocationsOf(made: readonly Made[], count: number, { allocations }: Settings): Strike[] {
  if (!allocations) return [];
  const allocating = made.filter(({ allocates }) => allocates);
  const areKnown = allocating.length === count;
  return Array.from({ length: count }, (_, i) =>
    failingAllocation(i + 1, areKnown ? (allocating[i] ?? null) : null),
  );
}

/** What traps while a plugin starts refuses it, whatever it is. */
function trapsOf(made: readonly Made[], { traps }: Settings): Strike[] {
  const callbacks = made.filter(({ kind, isAtStart }) => kind === "callback" && !isAtStart);
  return traps ? callbacks.map(trappingCallback) : [];
}
