import type { BackendName } from "./backends.ts";
import type { AllocatorFault } from "./embedded/allocator-fault.ts";
import { HarnessError } from "./errors.ts";
import { Faults } from "./faults.ts";
import { withoutEmbedded } from "./observing.ts";
import { oneOf, refuseUnknownOptions } from "./options.ts";

/**
 * What the embedded backend allows a filter. What goes beyond it is a trap.
 *
 * @category Start a proxy
 */
export interface LimitOptions {
  /**
   * How long a callback may run, in milliseconds of real time; `Infinity` lifts the limit, for a debugger. It is looked
   * at in loops, in recursions and at host calls; on a busy machine a callback gets more, until the processor has worked
   * on it for half of it. Default 2000. Envoy has no such limit: its worker would hang for ever.
   */
  callbackMs?: number;
  /** How large the memory of a VM can grow, in bytes, whole pages of 64 KiB. Default 1 GiB, as in Envoy. */
  memoryBytes?: number;
}

/** As the embedded backend takes them. */
export type Limits = Readonly<Required<LimitOptions>>;

export const defaultLimits: Limits = { callbackMs: 2_000, memoryBytes: 2 ** 30 };

/** With the defaults. Refused with `invalid_input`, and with `unsupported` for a real Envoy. */
export function limitsOf(given: LimitOptions | undefined, backend: BackendName): Limits {
  if (given === undefined) return defaultLimits;
  refuseUnknownOptions("limits", given, Object.keys(defaultLimits));
  if (backend !== "embedded") throw withoutEmbedded("cannot stop a callback or cap one memory", "limits");
  const limits = { ...defaultLimits, ...given };
  if (!(limits.callbackMs > 0)) throw wrong("callbackMs", limits.callbackMs, "more than 0");
  if (!(limits.memoryBytes >= 65_536 && limits.memoryBytes <= 2 ** 32))
    throw wrong("memoryBytes", limits.memoryBytes, "from 65536, one page, to 4294967296");
  return limits;
}

/** Those of plugins with such names. Refused with `unsupported` for a real Envoy, whose host calls nobody can reach. */
export function allocatorFaultsOf(
  given: readonly AllocatorFault[] | undefined,
  backend: BackendName,
  plugins: ReadonlyArray<{ readonly name: string }>,
): readonly AllocatorFault[] {
  if (given !== undefined && backend !== "embedded")
    throw withoutEmbedded("allocates without a fault", "allocator-faults");
  const names = plugins.map(({ name }) => name);
  for (const { plugin } of given ?? [])
    if (plugin !== undefined) oneOf("allocatorFaults.plugin", plugin, names);
  return given ?? [];
}

/** What is to go wrong from the start on; none unless the test says so. Refused with `unsupported` for a real Envoy. */
export function startFaultsOf(
  set: ((faults: Faults) => void) | undefined,
  backend: BackendName,
): { readonly faults?: Faults } {
  if (set === undefined) return {};
  if (backend !== "embedded") throw withoutEmbedded("cannot be told what to answer to filters", "faults");
  const faults = new Faults();
  set(faults);
  return { faults };
}

function wrong(option: string, value: number, right: string): HarnessError {
  return new HarnessError("invalid_input", `limits.${option}: ${value} must be ${right}`);
}
