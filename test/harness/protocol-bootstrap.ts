import type { Identity } from "../../harness/src/certificates/identity.ts";

/** What one end of TLS shows, and whom it believes. */
export interface TlsSide {
  readonly identity: Identity;
  readonly authority: string;
}

const envoyType = (type: string, fields: object): object => ({
  "@type": `type.googleapis.com/envoy.${type}`,
  ...fields,
});

/** Envoy's whole configuration, written out; every listener has a free port of 127.0.0.1. */
export function protocolBootstrap(listeners: readonly object[], clusters: readonly object[]): object {
  return {
    node: { id: "protocols", cluster: "protocols" },
    admin: { address: loopback(0) },
    static_resources: { listeners, clusters },
  };
}

export function tcpListener(name: string, filterChains: readonly object[]): object {
  const inspector = envoyType("extensions.filters.listener.tls_inspector.v3.TlsInspector", {});
  return {
    name,
    address: loopback(0),
    listener_filters: [{ name: "tls_inspector", typed_config: inspector }],
    filter_chains: filterChains,
  };
}

export function quicListener(name: string, side: TlsSide, filters: readonly object[]): object {
  const transport = envoyType("extensions.transport_sockets.quic.v3.QuicDownstreamTransport", {
    downstream_tls_context: downstreamTls(side, []),
  });
  return {
    name,
    address: { socket_address: { protocol: "UDP", address: "127.0.0.1", port_value: 0 } },
    udp_listener_config: { quic_options: {}, downstream_socket_config: { prefer_gro: false } },
    filter_chains: [{ transport_socket: { name: "quic", typed_config: transport }, filters }],
  };
}

/** Chosen by the name that the client asks for; a client without a certificate is refused. */
export function mtlsChain(serverName: string, side: TlsSide, filters: readonly object[]): object {
  const context = downstreamTls(side, ["h2", "http/1.1"]);
  return {
    filter_chain_match: { server_names: [serverName] },
    transport_socket: {
      name: "tls",
      typed_config: envoyType("extensions.transport_sockets.tls.v3.DownstreamTlsContext", context),
    },
    filters,
  };
}

export function httpManager(route: object, codec: "AUTO" | "HTTP3" = "AUTO"): object {
  const router = envoyType("extensions.filters.http.router.v3.Router", {});
  return {
    name: "http",
    typed_config: envoyType("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
      stat_prefix: "protocols",
      codec_type: codec,
      http_protocol_options: { enable_trailers: true },
      forward_client_cert_details: "SANITIZE_SET",
      set_current_client_cert_details: { uri: true },
      upgrade_configs: [{ upgrade_type: "websocket" }],
      route_config: {
        virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, ...route }] }],
      },
      http_filters: [{ name: "router", typed_config: router }],
    }),
  };
}

export const routeTo = (cluster: string): object => ({ route: { cluster, timeout: "10s" } });
export const answer = (status: number): object => ({ direct_response: { status } });

interface Cluster {
  readonly port: number;
  readonly isHttp2?: boolean;
  readonly tls?: TlsSide;
}

export function cluster(name: string, { port, isHttp2 = false, tls }: Cluster): object {
  return {
    name,
    type: "STATIC",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: loopback(port) } }] }],
    },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": protocolOptions(isHttp2),
    },
    ...(tls === undefined ? {} : { transport_socket: upstreamTls(tls) }),
  };
}

function protocolOptions(isHttp2: boolean): object {
  const options = isHttp2
    ? { http2_protocol_options: {} }
    : { http_protocol_options: { enable_trailers: true } };
  return envoyType("extensions.upstreams.http.v3.HttpProtocolOptions", { explicit_http_config: options });
}

/** A client without a certificate is refused. QUIC brings its own ALPN. */
function downstreamTls(side: TlsSide, alpn: readonly string[]): object {
  return {
    require_client_certificate: true,
    common_tls_context: {
      tls_certificates: [shows(side)],
      validation_context: trusts(side),
      alpn_protocols: alpn,
    },
  };
}

function upstreamTls(side: TlsSide): object {
  const context = envoyType("extensions.transport_sockets.tls.v3.UpstreamTlsContext", {
    sni: "service.internal",
    common_tls_context: {
      tls_certificates: [shows(side)],
      validation_context: trusts(side),
      alpn_protocols: ["h2"],
    },
  });
  return { name: "tls", typed_config: context };
}

const shows = ({ identity }: TlsSide): object => ({
  certificate_chain: { inline_string: identity.certificate },
  private_key: { inline_string: identity.privateKey },
});

const trusts = ({ authority }: TlsSide): object => ({ trusted_ca: { inline_string: authority } });

const loopback = (port: number): object => ({ socket_address: { address: "127.0.0.1", port_value: port } });
