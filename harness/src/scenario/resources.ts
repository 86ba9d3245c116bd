import { ClusterSchema } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { ListenerSchema } from "../../api/envoy/config/listener/v3/listener_pb.js";
import { RouteConfigurationSchema } from "../../api/envoy/config/route/v3/route_pb.js";
import { resource, type Resource } from "../xds/resource.ts";
import { clusterMessage, type Cluster } from "./cluster.ts";
import { routesName } from "./filter-chain.ts";
import { virtualHostsOf } from "./http-connection-manager.ts";
import { chainsOf, listenerMessage, type Listener } from "./listener.ts";
import type { Surroundings } from "./surroundings.ts";

/** As xDS carries it. */
export function clusterResource(parts: Cluster, around: Surroundings): Resource {
  return resource(ClusterSchema, clusterMessage(parts, around));
}

/** A listener as xDS carries it, and its routes where they come by themselves. */
export function listenerResources(parts: Listener, around: Surroundings): Resource[] {
  const own = resource(ListenerSchema, listenerMessage(parts, around));
  return around.routesComeAlone ? [own, ...routeConfigurations(parts)] : [own];
}

function routeConfigurations(parts: Listener): Resource[] {
  return chainsOf(parts).flatMap((chain, position) => {
    const virtualHosts = chain.filters === undefined ? virtualHostsOf(chain) : null;
    if (virtualHosts === null) return [];
    const name = routesName({ listener: parts.name, position });
    return resource(RouteConfigurationSchema, { name, virtualHosts: [...virtualHosts] });
  });
}
