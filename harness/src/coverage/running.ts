import { inspect } from "node:util";
import type { BackendName } from "../backends.ts";
import { HarnessError } from "../errors.ts";
import type { Coverage } from "./coverage.ts";

/** A process may hold this module twice, as vitest's and as the tests'; what is running is in it once. */
const key = Symbol.for("proxy-wasm-harness.coverage");
const shared = globalThis as { [key]?: Coverage | null };

/** The coverage that proxies are counted in which were not given one; null when nothing is to be counted. */
export function runningCoverage(): Coverage | null {
  return shared[key] ?? null;
}

/** Starts to count in proxies that are started from now on, or ends it with null. */
export function runCoverage(coverage: Coverage | null): void {
  shared[key] = coverage;
}

/**
 * The coverage that a proxy is counted in: the given one, or the one that runs. Null for a real Envoy, with one warning for
 * each coverage. Refused with `invalid_input` for what is none.
 */
export function coverageOf(given: Coverage | undefined, backend: BackendName): Coverage | null {
  if (given !== undefined) refuseOther(given);
  if (backend === "embedded") return given ?? runningCoverage();
  const reason = uncounted(backend);
  if (given === undefined || given.remarks.includes(reason)) return null;
  given.remark(reason);
  process.emitWarning(reason);
  return null;
}

/** A process may hold the class twice, too: what counts is what it can do. */
function refuseOther(given: object): void {
  if (typeof given === "object" && "probesIn" in given) return;
  throw new HarnessError(
    "invalid_input",
    `coverage: ${inspect(given, { depth: 0 })} is no coverage: give what createCoverage() returns`,
  );
}

/** Says in the coverage that runs, if there is one, that filters of this backend are not in it. */
export function noteUncounted(backend: BackendName): void {
  if (backend !== "embedded") runningCoverage()?.remark(uncounted(backend));
}

function uncounted(backend: BackendName): string {
  return `filters that ran in a real Envoy (backend ${backend}) are not counted: only the embedded backend counts lines`;
}
