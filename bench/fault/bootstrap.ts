import { fileURLToPath } from "node:url";

const module = fileURLToPath(new URL("../../build/fault-injection.wasm", import.meta.url));
const typeUrl = (name: string): string => `type.googleapis.com/envoy.${name}`;
const anyAddress = { socket_address: { address: "127.0.0.1", port_value: 0 } };
const STATUS = 503;

/** Envoy's own filter, with an abort for requests with `x-fault: yes`. */
export const native = {
  name: "envoy.filters.http.fault",
  typed_config: {
    "@type": typeUrl("extensions.filters.http.fault.v3.HTTPFault"),
    abort: { percentage: { numerator: 100 }, http_status: STATUS },
    headers: [{ name: "x-fault", string_match: { exact: "yes" } }],
  },
};

/** Ours, with the same. */
export const ours = {
  name: "fault-injection",
  typed_config: {
    "@type": typeUrl("extensions.filters.http.wasm.v3.Wasm"),
    config: {
      name: "fault-injection",
      vm_config: { runtime: "envoy.wasm.runtime.v8", code: { local: { filename: module } } },
      configuration: {
        "@type": "type.googleapis.com/google.protobuf.StringValue",
        value: JSON.stringify({
          rules: [{ name: "r", when: { header: "x-fault", exact: "yes" }, abort: { http_status: STATUS } }],
        }),
      },
    },
  },
};

/** One listener, `bench`, on a free port, which answers by itself behind these filters. */
export function bootstrap(filters: readonly object[]): object {
  const router = {
    name: "envoy.filters.http.router",
    typed_config: { "@type": typeUrl("extensions.filters.http.router.v3.Router") },
  };
  const routes = [{ match: { prefix: "/" }, direct_response: { status: 200 } }];
  const manager = {
    "@type": typeUrl("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "bench",
    generate_request_id: false,
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
    http_filters: [...filters, router],
  };
  const filterChain = {
    filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
  };
  return {
    admin: { address: anyAddress },
    static_resources: {
      listeners: [
        { name: "bench", enable_reuse_port: false, address: anyAddress, filter_chains: [filterChain] },
      ],
    },
  };
}
