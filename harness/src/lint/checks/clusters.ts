import { types, type Check, type Configuration } from "../configuration.ts";
import type { Spot } from "../finding.ts";
import type { Message } from "../structure/message.ts";

const httpOptionsKey = types.httpOptions;

/** gRPC needs HTTP/2: without it every stream ends with status 13 or 14, for ever. */
export const grpcHasHttp2: Check = (configuration, report) => {
  const byName = new Map(
    configuration.all(types.cluster).map((cluster) => [cluster.text("name") ?? "", cluster]),
  );
  for (const { name, spot, what } of grpcUses(configuration)) {
    const cluster = byName.get(name);
    if (cluster === undefined || speaksHttp2(cluster)) continue;
    report(
      "grpc-without-http2",
      spot,
      `${what} through the cluster ${name}, which speaks HTTP/1.1: every stream will fail`,
      `in the cluster: typed_extension_protocol_options: { ${httpOptionsKey}: { "@type": type.googleapis.com/${httpOptionsKey}, explicit_http_config: { http2_protocol_options: {} } } }`,
    );
  }
};

interface GrpcUse {
  readonly name: string;
  readonly spot: Spot;
  readonly what: string;
}

function grpcUses(configuration: Configuration): GrpcUse[] {
  const services = configuration.all(types.envoyGrpc).map((service) => ({
    name: service.text("cluster_name") ?? "",
    spot: service.at("cluster_name"),
    what: "gRPC is called",
  }));
  const routes = configuration
    .all(types.route)
    .filter((route) => route.message("match")?.has("grpc") === true);
  const routed = routes.flatMap((route) => {
    const action = route.message("route");
    const name = action?.text("cluster") ?? null;
    return action === null || name === null
      ? []
      : [{ name, spot: action.at("cluster"), what: "gRPC is routed" }];
  });
  return [...services, ...routed, ...healthChecks(configuration)];
}

function healthChecks(configuration: Configuration): GrpcUse[] {
  return configuration.all(types.cluster).flatMap((cluster) =>
    cluster
      .messages("health_checks")
      .filter((check) => check.has("grpc_health_check"))
      .map((check) => ({
        name: cluster.text("name") ?? "",
        spot: check.at("grpc_health_check"),
        what: "health is checked with gRPC",
      })),
  );
}

function speaksHttp2(cluster: Message): boolean {
  if (cluster.has("http2_protocol_options")) return true;
  const options = cluster
    .messages("typed_extension_protocol_options")
    .find(({ key }) => key === httpOptionsKey);
  const explicit = options?.message("explicit_http_config");
  return (
    options?.has("auto_config") === true ||
    explicit?.has("http2_protocol_options") === true ||
    explicit?.has("http3_protocol_options") === true
  );
}

/** Whoever serves resources, a file too, is told who asks. */
export const discoveryKnowsNode: Check = (configuration, report) => {
  for (const bootstrap of configuration.all(types.bootstrap)) {
    if (!usesDiscovery(bootstrap)) continue;
    const node = bootstrap.message("node");
    const missing = ["id", "cluster"].filter((field) => (node?.text(field) ?? "") === "");
    if (missing.length === 0) continue;
    report(
      "ads-without-node",
      node?.spot ?? bootstrap.at("dynamic_resources"),
      `xDS is configured, and node has no ${missing.join(" and no ")}: Envoy ends when it starts`,
      `node: { ${missing.map((field) => `${field}: …`).join(", ")} }, or --service-node and --service-cluster`,
    );
  }
};

function usesDiscovery(bootstrap: Message): boolean {
  return [...bootstrap.all()].some(({ type }) => discoverySources.has(type));
}

const discoverySources: ReadonlySet<string> = new Set([
  "envoy.config.core.v3.ConfigSource",
  "envoy.config.core.v3.ApiConfigSource",
]);

/** Such a cluster answers 503 to everything. */
export const clustersHaveEndpoints: Check = (configuration, report) => {
  for (const cluster of configuration.all(types.cluster)) {
    const type = cluster.text("type") ?? "STATIC";
    if (cluster.has("cluster_type") || !["STATIC", "STRICT_DNS", "LOGICAL_DNS"].includes(type)) continue;
    const assignment = cluster.message("load_assignment");
    if (assignment === null && cluster.has("load_assignment")) continue; // it could not be read
    const localities = assignment?.messages("endpoints") ?? [];
    if (
      localities.some(
        (locality) => locality.has("lb_endpoints") || locality.has("leds_cluster_locality_config"),
      )
    )
      continue;
    report(
      "no-endpoints",
      cluster.at(cluster.has("load_assignment") ? "load_assignment" : "name"),
      `the cluster ${cluster.text("name") ?? ""} is ${type} and has no endpoint: every request gets a 503`,
      "load_assignment: { cluster_name: …, endpoints: [{ lb_endpoints: […] }] }",
    );
  }
};
