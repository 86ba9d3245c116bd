import type { Faults } from "../faults.ts";
import type { CallbackName, HostCallName } from "../module/abi-calls.ts";
import type { ErrnoName, StatusName } from "../module/abi-enums.ts";
import type { Made } from "./calls.ts";

/** One thing that goes wrong in one run. */
export interface Strike {
  /** What goes wrong, in one line: call, status, which one, where. */
  readonly text: string;
  /** Source that makes it go wrong in a test of its own. */
  readonly replay: string;
  /** What it strikes first; null when nobody knows. */
  readonly made: Made | null;
  /** The status, `trap`, or `no memory`. */
  readonly failure: string;
  /** Null when it strikes every call. */
  readonly nth: number | null;
  /** It is set before the plugins start. */
  readonly isAtStart: boolean;
  set(faults: Faults): void;
  hasStruck(faults: Faults): boolean;
}

/** A host call fails, the n-th one or every one. */
export function failingCall(made: Made, failure: StatusName | ErrnoName, isEvery: boolean): Strike {
  const nth = isEvery ? null : made.nth;
  const fault = { status: failure, ...(nth === null ? {} : { nth }) };
  const name = made.name as HostCallName;
  return {
    ...{ made, failure, nth, isAtStart: made.isAtStart },
    text: `${name} → ${failure}, ${isEvery ? "every call, first" : `call ${made.nth},`} in ${placeOf(made)}`,
    replay: replayOf(made, `faults.hostCall("${name}", ${sourceOf(fault)})`),
    set: (faults) => faults.hostCall(name, fault),
    hasStruck: (faults) => isMet(faults, `${name} → ${failure}`),
  };
}

/** A callback traps as it begins. */
export function trappingCallback(made: Made): Strike {
  const { nth } = made;
  const name = made.name as CallbackName;
  return {
    ...{ made, failure: "trap", nth, isAtStart: made.isAtStart },
    text: `${name} → trap, call ${nth} of plugin "${made.plugin}"`,
    replay: replayOf(made, `faults.trap("${name}", ${sourceOf({ nth })})`),
    set: (faults) => faults.trap(name, { nth }),
    hasStruck: (faults) => isMet(faults, `${name} → trap`),
  };
}

/** The guest's allocator has no room for what the host is to write; counted from the start of the proxy. */
export function failingAllocation(nth: number, made: Made | null): Strike {
  const where = made === null ? "" : `, for ${made.name} in ${placeOf(made)}`;
  return {
    ...{ made, failure: "no memory", nth, isAtStart: true },
    text: `allocation ${nth} → no memory${where}`,
    replay: `allocatorFaults: [${sourceOf({ nth })}],`,
    set: ({ allocator }) => allocator.arm({ nth }),
    hasStruck: ({ allocator }) => allocator.strikes > 0,
  };
}

function isMet({ unmet }: Faults, what: string): boolean {
  return !unmet.some((text) => text.startsWith(what));
}

function placeOf({ callback, callbackNth, plugin, isAtStart }: Made): string {
  const which = callbackNth === 1 ? "" : ` (its call ${callbackNth})`;
  return `${callback}${which} of plugin "${plugin}"${isAtStart ? " at the start" : ""}`;
}

function replayOf({ isAtStart }: Made, line: string): string {
  return isAtStart ? `startFaults: (faults) => ${line},` : `proxy.${line};`;
}

function sourceOf(members: Readonly<Record<string, string | number>>): string {
  const parts = Object.entries(members).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `{ ${parts.join(", ")} }`;
}
