import { HarnessError } from "../errors.ts";
import { refuseUnknownOptions } from "../options.ts";

/**
 * Makes the guest's allocator answer the host with 0, as it does when memory has run out: the host call that needed the
 * memory then returns InvalidMemoryAccess, as in Envoy.
 *
 * @category Start a proxy
 */
export interface AllocatorFault {
  /** The plugin during whose callbacks it happens, by its name. Default: any. */
  plugin?: string;
  /** Which of the host's allocations fails, counted from 1. Default: the next. */
  nth?: number;
  /** How many fail from there on; `Infinity` for all. Default 1. */
  times?: number;
}

interface Armed extends Required<Omit<AllocatorFault, "plugin">> {
  readonly plugin: string | undefined;
  seen: number;
}

/** The faults of one proxy; several can wait at once. */
export class AllocatorFaults {
  /** How many allocations there were, and how many of them failed. */
  count = 0;
  strikes = 0;
  private readonly armed: Armed[] = [];

  /** Counts from now on. Refused with `invalid_input`. */
  arm(fault: AllocatorFault): void {
    refuseUnknownOptions("allocatorFaults", fault, ["plugin", "nth", "times"]);
    const { plugin, nth = 1, times = 1 } = fault;
    if (!Number.isInteger(nth) || nth < 1) throw wrong("nth", nth);
    if (!(times >= 1)) throw wrong("times", times);
    this.armed.push({ plugin, nth, times, seen: 0 });
  }

  /** Whether the allocation that is about to be made fails. */
  strike(plugin: string): boolean {
    this.count++;
    let strikes = false;
    for (const fault of this.armed) {
      if (fault.plugin !== undefined && fault.plugin !== plugin) continue;
      fault.seen++;
      strikes ||= fault.seen >= fault.nth && fault.seen < fault.nth + fault.times;
    }
    if (strikes) this.strikes++;
    return strikes;
  }
}

function wrong(option: string, value: number): HarnessError {
  return new HarnessError("invalid_input", `allocatorFaults: ${option} counts from 1, and ${value} does not`);
}
