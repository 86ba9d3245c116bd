import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BootstrapSchema } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import type { ClusterSchema } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import {
  ApiConfigSource_ApiType,
  ApiVersion,
  type ApiConfigSourceSchema,
  type ConfigSourceSchema,
} from "../../api/envoy/config/core/v3/config_source_pb.js";
import { HttpProtocolOptionsSchema } from "../../api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import { any } from "../envoy-api/any.ts";
import { controlPlaneCluster } from "../own-names.ts";

/**
 * How Envoy is to reach its control plane.
 *
 * @category Configure Envoy
 */
export interface ClientOptions {
  /** The control plane's. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Only what has changed is sent, or all of it each time; default `delta`. */
  readonly mode?: "delta" | "sotw";
  /** One stream for all, or a service for each type; default `ads`. */
  readonly transport?: "ads" | "single";
}

/**
 * What a bootstrap needs for a control plane, beside a node's id.
 *
 * @category Configure Envoy
 */
export interface ClientParts {
  /** Listeners and clusters come from the control plane. */
  readonly dynamicResources: MessageInitShape<typeof BootstrapSchema>["dynamicResources"];
  /** The control plane, for the static clusters. */
  readonly cluster: MessageInitShape<typeof ClusterSchema>;
  /** For what is named elsewhere: `rds`, `edsClusterConfig`, `configDiscovery`, a secret. */
  readonly source: MessageInitShape<typeof ConfigSourceSchema>;
}

/**
 * What a bootstrap needs so that Envoy has its listeners and clusters from a control plane. Envoy starts only with a
 * `node.id` besides.
 *
 * @category Configure Envoy
 */
export function adsBootstrap(options: ClientOptions): ClientParts {
  const { port, host = "127.0.0.1", transport = "ads" } = options;
  const api = apiSource(options);
  const source =
    transport === "ads"
      ? ({ resourceApiVersion: ApiVersion.V3, configSourceSpecifier: { case: "ads", value: {} } } as const)
      : ({
          resourceApiVersion: ApiVersion.V3,
          configSourceSpecifier: { case: "apiConfigSource", value: api },
        } as const);
  return {
    dynamicResources: {
      ldsConfig: source,
      cdsConfig: source,
      ...(transport === "ads" && { adsConfig: api }),
    },
    cluster: clusterAt(host, port),
    source,
  };
}

function apiSource({
  mode = "delta",
  transport = "ads",
}: ClientOptions): MessageInitShape<typeof ApiConfigSourceSchema> {
  const isDelta = mode === "delta";
  return {
    apiType: isDelta ? ApiConfigSource_ApiType.DELTA_GRPC : ApiConfigSource_ApiType.GRPC,
    transportApiVersion: ApiVersion.V3,
    setNodeOnFirstMessageOnly: transport === "ads",
    grpcServices: [{ targetSpecifier: { case: "envoyGrpc", value: { clusterName: controlPlaneCluster } } }],
  };
}

function clusterAt(address: string, portValue: number): MessageInitShape<typeof ClusterSchema> {
  const http2 = any(HttpProtocolOptionsSchema, {
    upstreamProtocolOptions: {
      case: "explicitHttpConfig",
      value: { protocolConfig: { case: "http2ProtocolOptions", value: {} } },
    },
  });
  const socket = {
    case: "socketAddress",
    value: { address, portSpecifier: { case: "portValue", value: portValue } },
  } as const;
  const endpoint = { hostIdentifier: { case: "endpoint", value: { address: { address: socket } } } } as const;
  return {
    name: controlPlaneCluster,
    connectTimeout: { seconds: 5n },
    typedExtensionProtocolOptions: { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http2 },
    loadAssignment: { clusterName: controlPlaneCluster, endpoints: [{ lbEndpoints: [endpoint] }] },
  };
}
