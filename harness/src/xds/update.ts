import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { ClusterSchema } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { endpointsOf } from "./references.ts";
import { additionOrder, needed, removalOrder } from "./resource-types.ts";
import type { Resource } from "./resource.ts";
import type { ResourceKey, Snapshot } from "./snapshot.ts";

/**
 * What is to be served from now on, and no longer.
 *
 * @category Configure Envoy
 */
export interface Update {
  /** Added, or put in the place of what has the same type and name. */
  readonly set?: readonly Resource[];
  /** What is not there is no mistake. */
  readonly remove?: readonly ResourceKey[];
  /** It is sent though lint finds errors in it: for tests of what Envoy says to them. */
  readonly allowInvalid?: boolean;
  /** Nobody sends requests before it is done: listeners need not wait until their clusters are taken. Default false. */
  readonly isUnused?: boolean;
}

/** A part of an update, which clients take before the next is sent. */
export interface Phase {
  readonly typeUrls: readonly string[];
  readonly remove: readonly ResourceKey[];
  /** What is sent again, though it has not changed. */
  readonly renew: readonly ResourceKey[];
}

/**
 * The order in which clients are told, so that nothing refers to what is not there yet or no longer. Source: "Eventual
 * consistency considerations" of Envoy's xDS protocol.
 */
export function phasesOf(update: Update): readonly Phase[] {
  const phases = orderedPhases(update);
  return update.isUnused === true ? joined(phases) : phases;
}

/** One phase, for a client takes the responses of a stream in their order; only what others need goes after it. */
function joined(phases: readonly Phase[]): readonly Phase[] {
  const isLast = ({ typeUrls, remove }: Phase): boolean =>
    remove.length > 0 && typeUrls.some((typeUrl) => needed.has(typeUrl));
  const together = phases.filter((phase) => !isLast(phase));
  const typeUrls = [...new Set(together.flatMap((phase) => phase.typeUrls))];
  const remove = together.flatMap((phase) => phase.remove);
  const renew = together[0]?.renew ?? [];
  return [{ typeUrls, remove, renew }, ...phases.filter(isLast)];
}

function orderedPhases({ set = [], remove = [] }: Update): readonly Phase[] {
  const renew = endpointsOfClusters(set);
  const added = new Set([...set, ...renew].map(({ typeUrl }) => typeUrl));
  const removed = new Set(remove.map(({ typeUrl }) => typeUrl));
  return [
    ...grouped(added, [...additionOrder, unlisted(added)]).map((typeUrls) => ({
      typeUrls,
      remove: [],
      renew,
    })),
    ...grouped(removed, [unlisted(removed), ...removalOrder]).map((typeUrls) => ({
      typeUrls,
      remove: remove.filter(({ typeUrl }) => typeUrls.includes(typeUrl)),
      renew: [],
    })),
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

/** The types that there are, in the order of the groups. */
function grouped(types: ReadonlySet<string>, groups: ReadonlyArray<readonly string[]>): readonly string[][] {
  return groups
    .map((group) => group.filter((typeUrl) => types.has(typeUrl)))
    .filter(({ length }) => length > 0);
}

function unlisted(types: ReadonlySet<string>): readonly string[] {
  const listed = additionOrder.flat();
  return [...types].filter((typeUrl) => !listed.includes(typeUrl));
}

/** A cluster that changes waits for its endpoints, even when they are the same. */
function endpointsOfClusters(resources: readonly Resource[]): readonly ResourceKey[] {
  const clusters = resources.flatMap(({ body }) => anyUnpack(body, ClusterSchema) ?? []);
  return clusters.flatMap((cluster) => endpointsOf(cluster) ?? []);
}
