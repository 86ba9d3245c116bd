import { knownProperties, type Property } from "./known-properties.ts";
import type { NetworkFilter } from "./network-filter.ts";
import { unserialisable, type PropertyValue } from "./property-values.ts";
import type { TcpStream } from "./tcp-stream.ts";

/** Stands for the addresses that a real Envoy would have. */
const addresses = { local: "127.0.0.1", clientPort: 50000n, listenerPort: 10000n, upstreamPort: 8080n };

/** The connection has no properties of a request; those of the upstream come when it is chosen. */
const ofUpstream =
  (read: () => PropertyValue) =>
  ({ hasUpstream }: TcpStream): PropertyValue | null =>
    hasUpstream ? read() : null;

const emptyMap = (): Uint8Array => new Uint8Array(4);

/** What is there as a whole, and has no form for filters. */
const groups = Object.fromEntries(
  ["request", "response", "source", "destination", "connection", "upstream", "filter_state"].map((group) => [
    group,
    () => unserialisable,
  ]),
);

/** What is measured on Envoy 1.40 for a plain connection through `tcp_proxy`. */
const properties: Readonly<Record<string, (connection: TcpStream) => PropertyValue | null>> = {
  ...groups,
  connection_id: ({ number }) => BigInt(number),
  "connection.id": ({ number }) => BigInt(number),
  "connection.mtls": () => false,
  "connection.requested_server_name": () => "",
  "source.address": () => `${addresses.local}:${addresses.clientPort}`,
  "source.port": () => addresses.clientPort,
  "destination.address": () => `${addresses.local}:${addresses.listenerPort}`,
  "destination.port": () => addresses.listenerPort,
  "upstream.address": ofUpstream(() => `${addresses.local}:${addresses.upstreamPort}`),
  "upstream.port": ofUpstream(() => addresses.upstreamPort),
  "upstream.locality": ofUpstream(() => ""),
  "upstream.cx_pool_ready_duration": ofUpstream(() => 0n),
  "upstream.transport_failure_reason": ({ failure }) => failure.reason,
  "upstream.request_attempt_count": ({ hasUpstream }) => (hasUpstream ? 1n : 0n),
  "upstream.num_endpoints": ofUpstream(() => 1n),
  upstream_filter_state: ofUpstream(() => unserialisable),
  "request.time": ({ startNanos }) => startNanos,
  "request.headers": emptyMap,
  "request.headers_bytes": () => 0n,
  "request.size": ({ receivedBytes }) => receivedBytes,
  "request.total_size": ({ receivedBytes }) => receivedBytes,
  "response.flags": ({ failure }) => failure.flags,
  "response.headers": emptyMap,
  "response.trailers": emptyMap,
  "response.headers_bytes": () => 0n,
  "response.size": ({ sentBytes }) => sentBytes,
  "response.total_size": ({ sentBytes }) => sentBytes,
  metadata: () => "",
  "metadata.filter_metadata": emptyMap,
  "xds.cluster_name": ofUpstream(() => "upstream"),
  "xds.cluster_metadata": ofUpstream(() => ""),
  "xds.upstream_host_metadata": ofUpstream(() => unserialisable),
  "xds.upstream_host_locality_metadata": ofUpstream(() => unserialisable),
  "xds.filter_chain_name": () => "",
  "xds.listener_direction": () => 0n,
  "xds.listener_metadata": () => "",
};

/** Those that do not depend on the stream. */
const everywhere = ["plugin_name", "plugin_root_id", "plugin_vm_id", "xds.node.id"];

/** A property of a connection by its name; undefined when a connection has none such. */
export function networkProperty(name: string, { connection }: NetworkFilter): Property | undefined {
  const read = properties[name];
  if (read !== undefined) return () => read(connection);
  return everywhere.includes(name) ? knownProperties[name] : undefined;
}
