import { keys } from "./workloads.ts";

/** How often a filter stands in the chain: its cost is divided by this, and so is the noise. */
export const copies = 8;

const typeUrl = (name: string): string => `type.googleapis.com/${name}`;
const anyAddress = { socket_address: { address: "127.0.0.1", port_value: 0 } };

/** Envoy's configuration: one listener, on a free port unless one is named, a direct response, and before it a module's filters, or none. */
export function bootstrap(module: string | null, port = 0): object {
  return {
    admin: { address: anyAddress },
    stats_flush_interval: "60s",
    static_resources: {
      listeners: [
        {
          name: "bench",
          enable_reuse_port: false,
          address: { socket_address: { address: "127.0.0.1", port_value: port } },
          filter_chains: [
            {
              filters: [
                { name: "envoy.filters.network.http_connection_manager", typed_config: manager(module) },
              ],
            },
          ],
        },
      ],
    },
  };
}

function manager(module: string | null): object {
  const http = "envoy.extensions.filters.http";
  return {
    "@type": typeUrl("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "bench",
    generate_request_id: false,
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [directResponse] }] },
    http_filters: [
      ...Array.from({ length: module === null ? 0 : copies }, () => wasmFilter(module)),
      {
        name: "envoy.filters.http.buffer",
        typed_config: { "@type": typeUrl(`${http}.buffer.v3.Buffer`), max_request_bytes: 1 << 20 },
      },
      { name: "envoy.filters.http.router", typed_config: { "@type": typeUrl(`${http}.router.v3.Router`) } },
    ],
  };
}

const directResponse = {
  match: { prefix: "/" },
  direct_response: { status: 200, body: { inline_string: "ok\n" } },
};

function wasmFilter(module: string | null): object {
  return {
    name: "envoy.filters.http.wasm",
    typed_config: {
      "@type": typeUrl("envoy.extensions.filters.http.wasm.v3.Wasm"),
      config: {
        name: "bench",
        root_id: "bench",
        allow_on_headers_stop_iteration: true,
        vm_config: {
          vm_id: "bench",
          runtime: "envoy.wasm.runtime.v8",
          code: { local: { filename: module } },
        },
        configuration: { "@type": typeUrl("google.protobuf.StringValue"), value: keys.join("\n") },
      },
    },
  };
}
