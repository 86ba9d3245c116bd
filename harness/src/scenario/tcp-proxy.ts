import { durationFromMs, type Any } from "@bufbuild/protobuf/wkt";
import { TcpProxySchema } from "../../api/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js";
import { any } from "../envoy-api/any.ts";
import { merged, type Fields } from "./merge.ts";

/**
 * The last network filter of a chain that carries bytes to a cluster. Connections on which nothing happens for 5 minutes
 * are closed.
 *
 * @category Describe an Envoy
 */
export function tcpProxy(cluster: string, fields?: Fields<typeof TcpProxySchema>): Any {
  const defaults: Fields<typeof TcpProxySchema> = {
    statPrefix: cluster,
    clusterSpecifier: { case: "cluster", value: cluster },
    idleTimeout: durationFromMs(300_000),
  };
  return any(TcpProxySchema, merged(defaults, fields));
}
