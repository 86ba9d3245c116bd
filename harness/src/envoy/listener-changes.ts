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
  do metrics = await admin.metrics(states);
  while (names.some((name) => (metrics.get(`listener_manager.${name}`) ?? 0n) !== 0n));
}

/** The names of the listeners that an update adds to those that there are, when it changes and removes none; else null. */
export function onlyAddedListeners(
  { set = [], remove = [] }: Update,
  served: Snapshot,
): readonly string[] | null {
  const listeners = set.filter(({ typeUrl }) => typeUrl === lds);
  const areNew = listeners.every((one) => served.get(one) === null);
  const areOthersKept = remove.every(({ typeUrl }) => needed.has(typeUrl));
  return listeners.length > 0 && areNew && areOthersKept ? listeners.map(({ name }) => name) : null;
}
