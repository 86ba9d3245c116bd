import { nearest } from "../../nearest.ts";
import { types, type Check, type Configuration } from "../configuration.ts";
import type { Leaf, Message } from "../structure/message.ts";

/** Where a cluster is named, by type and field. */
const references: ReadonlyArray<readonly [type: string, field: string]> = [
  ["envoy.config.route.v3.RouteAction", "cluster"],
  ["envoy.config.route.v3.RouteAction.RequestMirrorPolicy", "cluster"],
  ["envoy.config.route.v3.WeightedCluster.ClusterWeight", "name"],
  ["envoy.config.core.v3.HttpUri", "cluster"],
  ["envoy.config.core.v3.ApiConfigSource", "cluster_names"],
  [types.envoyGrpc, "cluster_name"],
  ["envoy.config.trace.v3.DatadogConfig", "collector_cluster"],
  ["envoy.config.trace.v3.ZipkinConfig", "collector_cluster"],
  ["envoy.extensions.access_loggers.fluentd.v3.FluentdAccessLogConfig", "cluster"],
  ["envoy.extensions.clusters.aggregate.v3.ClusterConfig", "clusters"],
  ["envoy.extensions.filters.http.gcp_authn.v3.GcpAuthnFilterConfig", "cluster"],
  ["envoy.extensions.filters.network.dubbo_proxy.v3.RouteAction", "cluster"],
  ["envoy.extensions.filters.network.generic_proxy.action.v3.RouteAction", "cluster"],
  ["envoy.extensions.filters.network.redis_proxy.v3.RedisProxy.PrefixRoutes.Route", "cluster"],
  ["envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", "cluster"],
  ["envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight", "name"],
  ["envoy.extensions.filters.network.thrift_proxy.v3.RouteAction", "cluster"],
  ["envoy.extensions.filters.udp.udp_proxy.v3.Route", "cluster"],
  ["envoy.extensions.tracers.fluentd.v3.FluentdConfig", "cluster"],
];

/** Every cluster that is named must be there, where all are known. */
export const clustersExist: Check = (configuration, report) => {
  const names = clusterNames(configuration);
  if (names === null) return;
  for (const { value, spot } of namedClusters(configuration)) {
    const name = String(value);
    if (name === "" || names.has(name)) continue;
    const close = nearest(name, names);
    const hint =
      close === null ? `the clusters are ${[...names].join(", ") || "none"}` : `did you mean ${close}?`;
    report("unknown-cluster", spot, `there is no cluster ${JSON.stringify(name)}`, hint);
  }
};

function namedClusters(configuration: Configuration): Leaf[] {
  return references.flatMap(([type, field]) =>
    configuration.all(type).flatMap((message) => message.leaves(field)),
  );
}

/** The names of all clusters; null when some are configured elsewhere, nobody says which. */
function clusterNames(configuration: Configuration): ReadonlySet<string> | null {
  const { otherClusters } = configuration;
  const own = configuration.all(types.cluster).map((cluster) => cluster.text("name") ?? "");
  if (otherClusters !== null) return new Set([...own, ...otherClusters]);
  const bootstraps = configuration.all(types.bootstrap);
  return bootstraps.length > 0 && bootstraps.every(hasOnlyStaticClusters) ? new Set(own) : null;
}

function hasOnlyStaticClusters(bootstrap: Message): boolean {
  return bootstrap.message("dynamic_resources")?.has("cds_config") !== true;
}
