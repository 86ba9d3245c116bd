/** What a test's Envoy has: a listener on port 10000 with a Wasm filter before what answers. */
export interface Wanted {
  /** A Wasm file in the container; none unless it is given. */
  readonly module?: string;
  readonly configuration?: string;
  /** A port of the test process; without it Envoy answers 200 by itself. */
  readonly upstreamPort?: number;
}

/** Envoy's bootstrap, without an admin interface. */
export function bootstrap(wanted: Wanted = {}): object {
  return {
    static_resources: {
      listeners: [listener(wanted)],
      clusters: wanted.upstreamPort === undefined ? [] : [cluster(wanted.upstreamPort)],
    },
  };
}

const service = { envoy_grpc: { cluster_name: "none" } };
/** Of an Envoy that waits for a control plane, which is not there. */
export const waiting = {
  node: { id: "waiting", cluster: "waiting" },
  static_resources: {
    clusters: [{ name: "none", type: "STATIC", load_assignment: { cluster_name: "none" } }],
  },
  dynamic_resources: {
    ads_config: { api_type: "GRPC", transport_api_version: "V3", grpc_services: [service] },
    lds_config: { resource_api_version: "V3", ads: {} },
  },
};

function listener({ module, configuration = "", upstreamPort }: Wanted): object {
  const action =
    upstreamPort === undefined ? { direct_response: { status: 200 } } : { route: { cluster: "upstream" } };
  const manager = {
    stat_prefix: "http",
    route_config: {
      virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, ...action }] }],
    },
    http_filters: [
      ...(module === undefined ? [] : [filter("http.wasm.v3.Wasm", wasm(module, configuration))]),
      filter("http.router.v3.Router", {}),
    ],
  };
  const name = "network.http_connection_manager.v3.HttpConnectionManager";
  return {
    name: "http",
    address: address("0.0.0.0", 10000),
    filter_chains: [{ filters: [filter(name, manager)] }],
  };
}

function wasm(filename: string, configuration: string): object {
  return {
    config: {
      name: "plugin-0",
      configuration: { "@type": "type.googleapis.com/google.protobuf.StringValue", value: configuration },
      vm_config: { runtime: "envoy.wasm.runtime.v8", code: { local: { filename } } },
    },
  };
}

function filter(type: string, fields: object): object {
  return {
    name: type,
    typed_config: { "@type": `type.googleapis.com/envoy.extensions.filters.${type}`, ...fields },
  };
}

function cluster(port: number): object {
  const endpoint = { address: address("host.docker.internal", port) };
  return {
    name: "upstream",
    type: "STRICT_DNS",
    dns_lookup_family: "V4_ONLY",
    load_assignment: { cluster_name: "upstream", endpoints: [{ lb_endpoints: [{ endpoint }] }] },
  };
}

function address(host: string, port: number): object {
  return { socket_address: { address: host, port_value: port } };
}
