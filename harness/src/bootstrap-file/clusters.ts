import type { JsonObject } from "@bufbuild/protobuf";
import { HarnessError } from "../errors.ts";
import { elements, member, text } from "./walk.ts";

/** What goes with a cluster's own way of finding and securing its servers. */
const ownDiscovery = [
  "cluster_type",
  "eds_cluster_config",
  "dns_lookup_family",
  "dns_resolvers",
  "typed_dns_resolver_config",
  "respect_dns_ttl",
  "transport_socket",
  "transport_socket_matches",
  "health_checks",
];

/** The names of a bootstrap's static clusters. */
export function clusterNames(bootstrap: JsonObject): string[] {
  return elements(member(bootstrap, "static_resources"), "clusters").map((cluster) => text(cluster, "name"));
}

/**
 * Puts a server of this machine, on a port, in the place of each cluster's own: without TLS, DNS and health checks, for
 * the server has none of these. Everything else of the cluster, its protocol and its limits above all, stays.
 */
export function replaceServers(bootstrap: JsonObject, ports: ReadonlyMap<string, number>): void {
  for (const cluster of elements(member(bootstrap, "static_resources"), "clusters")) {
    const name = text(cluster, "name");
    const port = ports.get(name);
    if (port === undefined)
      throw new HarnessError("internal", `cluster "${name}" of the bootstrap has no server`);
    for (const field of ownDiscovery) Reflect.deleteProperty(cluster, field);
    cluster["type"] = "STATIC";
    cluster["load_assignment"] = { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint(port)] }] };
  }
}

function endpoint(port: number): JsonObject {
  return { endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: port } } } };
}
