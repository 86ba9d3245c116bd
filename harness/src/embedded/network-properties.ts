import { knownProperties, type Property } from "./known-properties.ts";
import type { NetworkFilter } from "./network-filter.ts";
import type { PropertyValue } from "./property-values.ts";
import type { TcpStream } from "./tcp-stream.ts";

/** Stands for the addresses that a real Envoy would have. */
const addresses = { local: "127.0.0.1", clientPort: 50000n, listenerPort: 10000n, upstreamPort: 8080n };

/** The connection has no properties of a request; those of the upstream come with its first bytes. */
const ofUpstream =
  (read: () => PropertyValue) =>
  ({ hasUpstream }: TcpStream): PropertyValue | null =>
    hasUpstream ? read() : null;

const nothing = (): null => null;

/** What is measured on Envoy 1.40 for a plain connection through `tcp_proxy`. */
const properties: Readonly<Record<string, (connection: TcpStream) => PropertyValue | null>> = {
  connection_id: ({ number }) => BigInt(number),
  "connection.id": ({ number }) => BigInt(number),
  "connection.mtls": () => false,
  "connection.requested_server_name": () => "",
  "connection.termination_details": nothing,
  "connection.transport_failure_reason": nothing,
  "source.address": () => `${addresses.local}:${addresses.clientPort}`,
  "source.port": () => addresses.clientPort,
  "destination.address": () => `${addresses.local}:${addresses.listenerPort}`,
  "destination.port": () => addresses.listenerPort,
  "upstream.address": ofUpstream(() => `${addresses.local}:${addresses.upstreamPort}`),
  "upstream.port": ofUpstream(() => addresses.upstreamPort),
  "upstream.transport_failure_reason": () => "",
  "upstream.request_attempt_count": ({ hasUpstream }) => (hasUpstream ? 1n : 0n),
  "upstream.num_endpoints": ofUpstream(() => 1n),
  "request.time": ({ startNanos }) => startNanos,
  "request.path": nothing,
  "request.method": nothing,
  "request.protocol": nothing,
  "response.code": nothing,
  "response.code_details": nothing,
  metadata: () => "",
  "xds.cluster_name": ofUpstream(() => "upstream"),
  "xds.route_name": nothing,
  "xds.route_metadata": nothing,
  "xds.virtual_host_name": nothing,
  "xds.filter_chain_name": () => "",
  "xds.listener_direction": () => 0n,
  "xds.listener_metadata": () => "",
};

/** Those that do not depend on the stream. */
const everywhere = ["plugin_name", "plugin_root_id", "plugin_vm_id", "xds.node.id"];

/** A property of a connection by its name; undefined when this backend does not have it. */
export function networkProperty(name: string, { connection }: NetworkFilter): Property | undefined {
  const read = properties[name];
  if (read !== undefined) return () => read(connection);
  if (/^(connection|upstream)\.(tls_version|.*_certificate.*)$/.test(name)) return nothing;
  return everywhere.includes(name) ? knownProperties[name] : undefined;
}
