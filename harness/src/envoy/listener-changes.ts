import { lds, needed } from "../xds/resource-types.ts";
import type { Snapshot } from "../xds/snapshot.ts";
import type { Update } from "../xds/update.ts";
import type { Admin } from "./admin.ts";

const warming = "total_listeners_warming";
const draining = ["total_filter_chains_draining", "total_listeners_draining"];
const states = `^listener_manager\\.(${[warming, ...draining].join("|")})$`;

/** Resolves when no listener waits for something any more and, unless those may take their time, none is on its way out. */
export async function listenersSettle(admin: Admin, areOldGone: boolean): Promise<void> {
  let metrics: ReadonlyMap<string, bigint>;
  const names = areOldGone ? [warming, ...draining] : [warming];
  do metrics = await admin.gauges(states);
  while (names.some((name) => (metrics.get(`listener_manager.${name}`) ?? 0n) !== 0n));
}

/** What an update does to the listeners that there are. */
export interface ListenerChanges {
  /** The names of those that come; null when one comes in the place of another of its name. */
  readonly added: readonly string[] | null;
  /** Whether there are some that come, and none goes. */
  readonly areOthersKept: boolean;
}

/** Of an update of what is served. */
export function listenerChanges({ set = [], remove = [] }: Update, served: Snapshot): ListenerChanges {
  const listeners = set.filter(({ typeUrl }) => typeUrl === lds);
  const areNew = listeners.every((one) => served.get(one) === null);
  const areNeededGone = remove.every(({ typeUrl }) => needed.has(typeUrl));
  return {
    added: areNew ? listeners.map(({ name }) => name) : null,
    areOthersKept: listeners.length > 0 && areNew && areNeededGone,
  };
}
