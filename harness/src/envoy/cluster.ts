import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  Cluster_DiscoveryType,
  ClusterSchema,
  type Cluster,
} from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import {
  HttpProtocolOptionsSchema,
  type HttpProtocolOptions_ExplicitHttpConfigSchema,
} from "../../api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import { any } from "../envoy-api/any.ts";
import { loopback } from "./loopback.ts";

type ExplicitHttpConfig = MessageInitShape<typeof HttpProtocolOptions_ExplicitHttpConfigSchema>;

/** What is spoken with the servers of a cluster. */
export const http1: ExplicitHttpConfig = {
  protocolConfig: { case: "httpProtocolOptions", value: { enableTrailers: true } },
};
export const http2: ExplicitHttpConfig = { protocolConfig: { case: "http2ProtocolOptions", value: {} } };

export interface ClusterParts {
  readonly name: string;
  /** Of the cluster's stats, `cluster.NAME.…`. */
  readonly statName: string;
  /** On 127.0.0.1. */
  readonly port: number;
  readonly protocol: ExplicitHttpConfig;
}

/** A cluster of one server on this machine. */
export function cluster({ name, statName, port, protocol }: ClusterParts): Cluster {
  return create(ClusterSchema, {
    name,
    altStatName: statName,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: durationFromMs(5_000),
    loadAssignment: {
      clusterName: name,
      endpoints: [
        {
          lbEndpoints: [{ hostIdentifier: { case: "endpoint", value: { address: loopback(port) } } }],
        },
      ],
    },
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": any(HttpProtocolOptionsSchema, {
        upstreamProtocolOptions: { case: "explicitHttpConfig", value: protocol },
      }),
    },
  });
}
