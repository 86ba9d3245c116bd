import { GrpcUpstream } from "../grpc/upstream.ts";
import type { Cluster } from "./cluster.ts";
import { endpointsOf } from "./endpoint.ts";

/** Clusters that share gRPC services: Envoy counts what a cluster does, and a service what all of them do. */
export interface GrpcGroup {
  /** Their names. */
  readonly clusters: readonly string[];
  readonly services: ReadonlySet<GrpcUpstream>;
}

/** Those of the clusters that lead to nothing but gRPC services; each service is in one group. */
export function grpcGroups(clusters: readonly Cluster[]): GrpcGroup[] {
  let groups: GrpcGroup[] = [];
  for (const { name, endpoints } of clusters) {
    const servers = endpointsOf(endpoints).map(({ server }) => server);
    const services = new Set(servers.filter((server) => server instanceof GrpcUpstream));
    if (services.size === 0 || services.size < new Set(servers).size) continue;
    const joined = groups.filter((group) => [...services].some((service) => group.services.has(service)));
    const one = {
      clusters: [...joined.flatMap((group) => group.clusters), name],
      services: new Set([...joined.flatMap((group) => [...group.services]), ...services]),
    };
    groups = [...groups.filter((group) => !joined.includes(group)), one];
  }
  return groups;
}
