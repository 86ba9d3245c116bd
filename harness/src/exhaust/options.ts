import { HarnessError } from "../errors.ts";
import type { RepeatedOptions } from "../fresh-proxy.ts";
import type { ReceivedRequest } from "../message.ts";
import { withoutEmbedded } from "../observing.ts";
import { oneOf, refuseUnknownOptions } from "../options.ts";

/**
 * What is tried, and what must not happen.
 *
 * @category Write tests
 */
export interface ExhaustOptions {
  /** Whether a request that has reached the upstream should not have. Default: none is looked at. */
  unauthorised?: (request: ReceivedRequest) => boolean;
  /** With which statuses a call fails: those with which it can in Envoy 1.40, or every one of the ABI. Default `possible`. */
  statuses?: "possible" | "all";
  /** Of how many calls of one name each fails alone, or traps, beside all of them at once; 0 for none. Default `Infinity`. */
  occurrences?: number;
  /** Each allocation for the host fails once. Default true. */
  allocations?: boolean;
  /** Each callback traps once: a trap that is no finding, but what follows may be. Default false. */
  traps?: boolean;
  /** More runs are refused, before the first of them. Default 5,000. */
  maxRuns?: number;
  /** How long a run may take, in milliseconds of real time; one that takes longer is a hang. Default 10,000. */
  scenarioMs?: number;
}

/** With the defaults. */
export type Settings = Readonly<Required<ExhaustOptions>>;

const defaults: Settings = {
  unauthorised: () => false,
  statuses: "possible",
  occurrences: Infinity,
  allocations: true,
  traps: false,
  maxRuns: 5_000,
  scenarioMs: 10_000,
};

/** Node lets a longer timer run out at once. */
const longestMs = 2 ** 31 - 1;

/** Refused with `invalid_input`, and with `unsupported` for a real Envoy. */
export function settingsOf(proxy: RepeatedOptions, given: ExhaustOptions): Settings {
  refuseUnknownOptions("exhaust", given, Object.keys(defaults));
  if (proxy.backend !== undefined && proxy.backend !== "embedded")
    throw withoutEmbedded("cannot be told what to answer to filters, which is what exhaust does", "faults");
  if (proxy.allowTraps === true)
    throw new HarnessError("invalid_input", "exhaust: allowTraps: traps are what it looks for, leave it out");
  const settings = { ...defaults, ...given };
  oneOf("exhaust: statuses", settings.statuses, ["possible", "all"]);
  const { occurrences, maxRuns, scenarioMs } = settings;
  if (!(occurrences >= 0)) throw wrong("occurrences", occurrences, "0 or more");
  if (!(maxRuns > 0)) throw wrong("maxRuns", maxRuns, "more than 0");
  if (!(scenarioMs > 0 && scenarioMs <= longestMs))
    throw wrong("scenarioMs", scenarioMs, `more than 0, and at most ${longestMs}, for a timer holds no more`);
  return settings;
}

/** Refused with `invalid_input` when there are more runs than allowed, and when there are none. */
export function refuseRuns(runs: number, { maxRuns }: Settings): void {
  if (runs === 0)
    throw new HarnessError(
      "invalid_input",
      "exhaust: this scenario makes no host call that can fail, so nothing would be tried: let it send what the filter looks into",
    );
  if (runs <= maxRuns) return;
  throw new HarnessError(
    "invalid_input",
    `exhaust: this scenario takes ${runs} runs, and maxRuns allows ${maxRuns}: raise it, let the scenario do less, ` +
      "or say of how many calls of one name each is to fail alone, occurrences: 2",
  );
}

function wrong(option: string, value: number, right: string): HarnessError {
  return new HarnessError("invalid_input", `exhaust: ${option}: ${value} must be ${right}`);
}
