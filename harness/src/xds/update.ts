import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Cluster_DiscoveryType, ClusterSchema } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { additionOrder, cds, eds, removalOrder } from "./resource-types.ts";
import type { Resource } from "./resource.ts";
import type { ResourceKey, Snapshot } from "./snapshot.ts";

/** What is to be served from now on, and no longer. */
export interface Update {
  /** Added, or put in the place of what has the same type and name. */
  readonly set?: readonly Resource[];
  readonly remove?: readonly ResourceKey[];
  /** It is sent though lint finds errors in it: for tests of what Envoy says to them. */
  readonly allowInvalid?: boolean;
}

/** One type of an update, which clients take before the next is sent. */
export interface Phase {
  readonly typeUrl: string;
  readonly remove: readonly ResourceKey[];
  /** What is sent again, though it has not changed. */
  readonly renew: ReadonlySet<string>;
}

/**
 * The order in which clients are told, so that nothing refers to what is not there yet or no longer. Source: "Eventual
 * consistency considerations" of Envoy's xDS protocol.
 */
export function phasesOf({ set = [], remove = [] }: Update): readonly Phase[] {
  const endpoints = endpointsOf(set.filter(({ typeUrl }) => typeUrl === cds));
  const added = new Set([...set.map(({ typeUrl }) => typeUrl), ...(endpoints.size > 0 ? [eds] : [])]);
  const removed = Map.groupBy(remove, ({ typeUrl }) => typeUrl);
  return [
    ...inOrder(added, [...additionOrder, ...added]).map((typeUrl) => ({
      typeUrl,
      remove: [],
      renew: typeUrl === eds ? endpoints : new Set<string>(),
    })),
    ...inOrder(
      removed,
      [...removed.keys()].filter((typeUrl) => !removalOrder.includes(typeUrl)).concat(removalOrder),
    ).map((typeUrl) => ({ typeUrl, remove: removed.get(typeUrl) ?? [], renew: new Set<string>() })),
  ];
}

/** What puts things back as they were before an update. */
export function inverse({ set = [], remove = [] }: Update, before: Snapshot): Update {
  const changed = [...set, ...remove].map((key) => ({ key, old: before.get(key) }));
  return {
    set: changed.flatMap(({ old }) => old ?? []),
    remove: changed
      .filter(({ old }) => old === null)
      .map(({ key: { typeUrl, name } }) => ({ typeUrl, name })),
  };
}

function inOrder(types: { has(typeUrl: string): boolean }, order: Iterable<string>): readonly string[] {
  return [...new Set(order)].filter((typeUrl) => types.has(typeUrl));
}

/** A cluster that changes waits for its endpoints, even when they are the same. */
function endpointsOf(clusters: readonly Resource[]): ReadonlySet<string> {
  const messages = clusters.flatMap(({ body }) => anyUnpack(body, ClusterSchema) ?? []);
  const dynamic = messages.filter(
    ({ clusterDiscoveryType: { value } }) => value === Cluster_DiscoveryType.EDS,
  );
  return new Set(dynamic.map(({ name, edsClusterConfig }) => edsClusterConfig?.serviceName || name));
}
