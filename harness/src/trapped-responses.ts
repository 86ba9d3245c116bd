import type { ReceivedResponse } from "./message.ts";
import type { Trap } from "./observation.ts";

const known = new WeakMap<ReceivedResponse, readonly Trap[]>();

/** Keeps what had trapped by the time of a response that says that something failed. */
export function noteTraps(response: ReceivedResponse, traps: readonly Trap[]): void {
  if (traps.length > 0) known.set(response, traps);
}

/** The traps that a response of a failure may come of. */
export function trapsOf(response: ReceivedResponse): readonly Trap[] {
  return known.get(response) ?? [];
}
