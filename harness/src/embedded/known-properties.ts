import { HeaderList } from "../header-list.ts";
import { bytesOf, nameOctets } from "../octets.ts";
import { HeaderMapType, type GuestContext } from "./context.ts";
import { encodeMetadata } from "./metadata.ts";
import { encodePairs } from "./pairs.ts";
import { unserialisable, type PropertyValue } from "./property-values.ts";
import type { HttpStream } from "./http-stream.ts";
import { fieldsLength, grpcStatus, responseFlags } from "./stream-figures.ts";

/** A property by the context that asks for it; null when it is not there, or not in this phase. */
export type Property = (context: GuestContext) => PropertyValue | null;

/** Stands for the addresses that a real Envoy would have. */
const addresses = { client: "127.0.0.1", clientPort: 50000n, listenerPort: 10000n, upstreamPort: 8080n };

/** The headers are gone between Continue and the access log, and all that is read from them with them. */
const requestHeader =
  (name: string): Property =>
  (context) =>
    requestHeaders(context)?.get(name) ?? null;

const ofStream =
  (read: (stream: HttpStream) => PropertyValue | null): Property =>
  ({ stream }) =>
    stream === null ? null : read(stream);

const connectionId = ofStream(({ info }) => BigInt(info.connection.id));

/** Known as soon as the upstream has answered. */
const ofUpstream = (read: () => PropertyValue): Property =>
  ofStream(({ info }) => (info.hasUpstream ? read() : null));

/** Known as soon as the router has chosen a host. */
const ofHost = (value: PropertyValue): Property => ofStream(({ info }) => (info.isRouted ? value : null));

/** How long names and values are that can be read now; 0 when they cannot. */
const lengthOf =
  (type: number): ((context: GuestContext) => bigint) =>
  (context) => {
    const fields = context.readableFields(type);
    return fields === null ? 0n : fieldsLength(fields);
  };

const requestLength = lengthOf(HeaderMapType.RequestHeaders);
const responseLength = lengthOf(HeaderMapType.ResponseHeaders);
const trailersLength = lengthOf(HeaderMapType.ResponseTrailers);

/** A map as a whole, each name once; empty where it cannot be read. Its order says nothing in Envoy. */
const fieldsOf =
  (type: number): Property =>
  (context) => {
    if (context.stream === null) return null;
    const fields = context.readableFields(type) ?? new HeaderList();
    const names = new Set(fields.inTurn.filter((_, i) => i % 2 === 0));
    return encodePairs([...names].flatMap((name) => [name, joined(fields, name)]));
  };

/** A number that needs a stream and the context that asks. */
const figure =
  (read: (context: GuestContext, stream: HttpStream) => bigint): Property =>
  (context) =>
    context.stream === null ? null : read(context, context.stream);

const inAnyStream = (value: PropertyValue | null): Property => ofStream(() => value);

/** What is measured on Envoy 1.40 for a plain HTTP/1.1 stream; names that are not here are not in this backend. */
export const knownProperties: Readonly<Record<string, Property>> = {
  plugin_name: ({ root }) => root.plugin.name,
  plugin_root_id: ({ root }) => root.plugin.rootId,
  plugin_vm_id: ({ root }) => root.plugin.vmId,

  "request.path": requestHeader(":path"),
  "request.url_path": (context) => pathOf(context)?.split("?", 1)[0] ?? null,
  "request.query": (context) => pathOf(context)?.replace(/^[^?]*\??/, "") ?? null,
  "request.method": requestHeader(":method"),
  "request.host": requestHeader(":authority"),
  "request.scheme": requestHeader(":scheme"),
  "request.useragent": requestHeader("user-agent"),
  "request.referer": requestHeader("referer"),
  "request.id": requestHeader("x-request-id"),
  "request.protocol": inAnyStream("HTTP/1.1"),
  "request.headers": fieldsOf(HeaderMapType.RequestHeaders),
  "request.headers_bytes": figure(requestLength),
  "request.size": ofStream(({ info }) => BigInt(info.receivedBytes)),
  "request.total_size": figure((context, { info }) => BigInt(info.receivedBytes) + requestLength(context)),
  "request.time": ofStream(({ info }) => info.startNanos),
  "request.duration": ofStream(({ info }) =>
    info.endNanos === null ? null : info.endNanos - info.startNanos,
  ),

  "response.code": ofStream(({ responseStatus }) => responseStatus),
  "response.code_details": ofStream(({ responseDetails }) => responseDetails),
  "response.flags": ofStream(responseFlags),
  "response.grpc_status": (context) => (context.stream === null ? null : grpcStatus(context, context.stream)),
  "response.headers": fieldsOf(HeaderMapType.ResponseHeaders),
  "response.trailers": fieldsOf(HeaderMapType.ResponseTrailers),
  "response.headers_bytes": figure(responseLength),
  "response.size": ofStream(({ info }) => BigInt(info.sentBytes)),
  "response.total_size": figure(
    (context, { info }) => BigInt(info.sentBytes) + responseLength(context) + trailersLength(context),
  ),
  "response.backend_latency": ofStream(({ info }) => (info.hasUpstreamEnded ? 0n : null)),

  "source.address": ofStream(
    ({ info }) => info.forwardedAddress ?? `${addresses.client}:${addresses.clientPort}`,
  ),
  "source.port": ofStream(({ info }) => (info.forwardedAddress === null ? addresses.clientPort : 0n)),
  "destination.address": inAnyStream(`${addresses.client}:${addresses.listenerPort}`),
  "destination.port": inAnyStream(addresses.listenerPort),
  "connection.id": connectionId,
  connection_id: connectionId,
  "connection.mtls": inAnyStream(false),
  "connection.requested_server_name": inAnyStream(""),
  ...noTls("connection"),
  "connection.termination_details": inAnyStream(null),
  "connection.transport_failure_reason": inAnyStream(null),

  "upstream.address": ofUpstream(() => `${addresses.client}:${addresses.upstreamPort}`),
  "upstream.port": ofUpstream(() => addresses.upstreamPort),
  "upstream.cx_pool_ready_duration": ofUpstream(() => 0n),
  "upstream.transport_failure_reason": ofHost(""),
  "upstream.locality": ofHost(""),
  "upstream.request_attempt_count": ofStream(({ info }) => (info.isRouted ? 1n : 0n)),
  "upstream.num_endpoints": inAnyStream(1n),
  ...noTls("upstream"),

  metadata: inAnyStream(""),
  "metadata.filter_metadata": inAnyStream(new Uint8Array(4)), // a map without entries

  "xds.node.id": () => "proxy-wasm-harness",
  "xds.cluster_name": inAnyStream("upstream"),
  "xds.cluster_metadata": inAnyStream(""),
  "xds.route_name": ofStream(({ info }) => info.route.name),
  "xds.route_metadata": ofStream(({ info }) => encodeMetadata(info.route.metadata)),
  "xds.virtual_host_name": ofStream(({ info }) => info.virtualHost.name),
  "xds.virtual_host_metadata": ofStream(({ info }) => encodeMetadata(info.virtualHost.metadata)),
  "xds.upstream_host_metadata": ofHost(unserialisable),
  "xds.upstream_host_locality_metadata": ofHost(unserialisable),
  "xds.filter_chain_name": inAnyStream(""),
  "xds.listener_metadata": inAnyStream(""),
  "xds.listener_direction": inAnyStream(0n),
};

/** The groups of Envoy's attributes, each of which is absent as a whole, or cannot be serialised. */
export const propertyGroups: Readonly<Record<string, Property>> = {
  ...Object.fromEntries(
    ["request", "response", "source", "destination", "connection", "upstream", "filter_state"].map(
      (group) => [group, inAnyStream(unserialisable)],
    ),
  ),
  upstream_filter_state: ofUpstream(() => unserialisable),
  xds: () => unserialisable,
};

/** What Envoy has besides. */
export const missingProperties =
  /^xds\.node(\.(cluster|metadata|locality|user_agent|extensions|client_features).*)?$/;

/** Absent on a connection without TLS. */
function noTls(group: string): Record<string, Property> {
  const names =
    "tls_version subject_local_certificate subject_peer_certificate dns_san_local_certificate " +
    "dns_san_peer_certificate uri_san_local_certificate uri_san_peer_certificate sha256_peer_certificate_digest";
  return Object.fromEntries(names.split(" ").map((name) => [`${group}.${name}`, inAnyStream(null)]));
}

function requestHeaders(context: GuestContext): HeaderList | null {
  return context.readableFields(HeaderMapType.RequestHeaders);
}

/** The values of a field, with a comma between them. */
export function joinedBytes(fields: HeaderList, name: string): Uint8Array {
  return bytesOf(joined(fields, nameOctets(name)));
}

function joined({ inTurn }: HeaderList, name: string): string {
  return inTurn.filter((_, i) => i % 2 === 1 && inTurn[i - 1] === name).join(",");
}

function pathOf(context: GuestContext): string | null {
  return requestHeaders(context)?.get(":path") ?? null;
}
