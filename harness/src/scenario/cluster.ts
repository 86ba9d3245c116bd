import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  Cluster_DiscoveryType,
  ClusterSchema,
  type Cluster as Message,
} from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import type { LocalityLbEndpointsSchema } from "../../api/envoy/config/endpoint/v3/endpoint_components_pb.js";
import {
  HttpProtocolOptionsSchema,
  type HttpProtocolOptions_ExplicitHttpConfigSchema,
} from "../../api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import { any } from "../envoy-api/any.ts";
import { GrpcUpstream } from "../grpc/upstream.ts";
import { TcpUpstream } from "../tcp-upstream.ts";
import { endpointsOf, type Endpoint, type Endpoints } from "./endpoint.ts";
import { merged, type Fields } from "./merge.ts";
import type { Surroundings } from "./surroundings.ts";
import { upstreamTls, type ClusterTls } from "./tls.ts";

/**
 * What a cluster has besides its endpoints.
 *
 * @category Configure Envoy
 */
export interface ClusterSettings {
  /** What is spoken with the servers. Default: h2 with a `GrpcUpstream`, tcp with a `TcpUpstream`, else h1. */
  readonly protocol?: "h1" | "h2" | "tcp";
  /** Default: no TLS. */
  readonly tls?: ClusterTls;
  /** Every other field of Envoy's `HttpProtocolOptions`. */
  readonly http?: Fields<typeof HttpProtocolOptionsSchema>;
  /** Every other field of Envoy's `Cluster`: `lbPolicy`, `healthChecks`, `outlierDetection`, `circuitBreakers`, … */
  readonly with?: Fields<typeof ClusterSchema>;
}

/**
 * A cluster with its name.
 *
 * @category Configure Envoy
 */
export interface Cluster extends ClusterSettings {
  /** By which routes and filters find it, and the prefix of its stats: `cluster.NAME.…`. */
  readonly name: string;
  /** Where it leads. */
  readonly endpoints: Endpoints;
}

/**
 * A cluster: `cluster("service", upstream, { protocol: "h2", with: { lbPolicy: Cluster_LbPolicy.RANDOM } })`.
 *
 * @category Configure Envoy
 */
export function cluster(name: string, endpoints: Endpoints, settings: ClusterSettings = {}): Cluster {
  return { ...settings, name, endpoints };
}

/** As Envoy has it. */
export function clusterMessage(parts: Cluster, around: Surroundings): Message {
  const { name, tls } = parts;
  const protocol = protocolOf(parts);
  const defaults: Fields<typeof ClusterSchema> = {
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: durationFromMs(5_000),
    loadAssignment: { clusterName: name, endpoints: localities(endpointsOf(parts.endpoints), around) },
  };
  if (tls !== undefined) defaults.transportSocket = upstreamTls(tls, alpn[protocol]);
  if (protocol !== "tcp") defaults.typedExtensionProtocolOptions = httpOptions(protocol, parts);
  return create(ClusterSchema, {
    ...merged(defaults, parts.with),
    name,
    altStatName: `${name}${around.mark}`,
  });
}

const alpn = { h1: ["http/1.1"], h2: ["h2"], tcp: [] } as const;

function protocolOf({ protocol, endpoints }: Cluster): "h1" | "h2" | "tcp" {
  if (protocol !== undefined) return protocol;
  const servers = endpointsOf(endpoints).map(({ server }) => server);
  if (servers.some((server) => server instanceof GrpcUpstream)) return "h2";
  return servers.some((server) => server instanceof TcpUpstream) ? "tcp" : "h1";
}

function localities(
  endpoints: readonly Endpoint[],
  around: Surroundings,
): Fields<typeof LocalityLbEndpointsSchema>[] {
  const byPriority = Map.groupBy(endpoints, ({ priority = 0 }) => priority);
  return [...byPriority].map(([priority, some]) => ({
    priority,
    lbEndpoints: some.flatMap((one) => lbEndpoint(one, around)),
  }));
}

/** None while nobody knows where it is. */
function lbEndpoint({ server, with: fields }: Endpoint, around: Surroundings) {
  const address = around.address(server);
  if (address === null) return [];
  return merged(
    { hostIdentifier: { case: "endpoint", value: { address } } } as const,
    fields as object | undefined,
  );
}

type ExplicitHttpConfig = Fields<typeof HttpProtocolOptions_ExplicitHttpConfigSchema>;

const explicit: Readonly<Record<"h1" | "h2", ExplicitHttpConfig>> = {
  h1: { protocolConfig: { case: "httpProtocolOptions", value: { enableTrailers: true } } },
  h2: { protocolConfig: { case: "http2ProtocolOptions", value: {} } },
};

function httpOptions(protocol: "h1" | "h2", { http }: Cluster) {
  const options =
    http === undefined
      ? plainOptions[protocol]
      : any(HttpProtocolOptionsSchema, merged(plain(protocol), http));
  return { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options };
}

function plain(protocol: "h1" | "h2"): Fields<typeof HttpProtocolOptionsSchema> {
  return {
    commonHttpProtocolOptions: { idleTimeout: durationFromMs(300_000) },
    upstreamProtocolOptions: { case: "explicitHttpConfig", value: explicit[protocol] },
  };
}

/** Made once: most clusters have nothing else. */
const plainOptions = {
  h1: any(HttpProtocolOptionsSchema, plain("h1")),
  h2: any(HttpProtocolOptionsSchema, plain("h2")),
} as const;
