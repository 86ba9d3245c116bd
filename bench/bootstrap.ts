import { keys } from "./workloads.ts";

/** How often a filter stands in the chain: its cost is divided by this, and so is the noise. */
export const copies = 8;

export const typeUrl = (name: string): string => `type.googleapis.com/${name}`;
const anyAddress = { socket_address: { address: "127.0.0.1", port_value: 0 } };

/** An element of `http_filters`. */
export type HttpFilter = Readonly<Record<string, unknown>>;

/** Envoy's configuration: one listener, on a free port unless one is named, a direct response, and filters before it. */
export function bootstrap(filters: readonly HttpFilter[], port = 0): object {
  return {
    admin: { address: anyAddress },
    stats_flush_interval: "60s",
    static_resources: {
      listeners: [
        {
          name: "bench",
          enable_reuse_port: false,
          connection_balance_config: { exact_balance: {} },
          address: { socket_address: { address: "127.0.0.1", port_value: port } },
          filter_chains: [
            {
              filters: [
                { name: "envoy.filters.network.http_connection_manager", typed_config: manager(filters) },
              ],
            },
          ],
        },
      ],
    },
  };
}

function manager(filters: readonly HttpFilter[]): object {
  const http = "envoy.extensions.filters.http";
  return {
    "@type": typeUrl("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "bench",
    generate_request_id: false,
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [directResponse] }] },
    http_filters: [
      ...filters,
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

/** What a filter needs to be loaded; whoever has the same `vm_id`, module and configuration shares a VM. */
export interface WasmPlugin {
  readonly module: string;
  readonly rootId: string;
  readonly configuration: string;
}

/** The element of `http_filters` that loads a plugin. */
export function wasmFilter({ module, rootId, configuration }: WasmPlugin): HttpFilter {
  return {
    name: "envoy.filters.http.wasm",
    typed_config: {
      "@type": typeUrl("envoy.extensions.filters.http.wasm.v3.Wasm"),
      config: {
        name: rootId,
        root_id: rootId,
        allow_on_headers_stop_iteration: true,
        vm_config: {
          vm_id: "bench",
          runtime: "envoy.wasm.runtime.v8",
          code: { local: { filename: module } },
        },
        configuration: { "@type": typeUrl("google.protobuf.StringValue"), value: configuration },
      },
    },
  };
}

/** A module of a workload, so often that its cost can be told from the noise. */
export function inCopies(module: string): readonly HttpFilter[] {
  const filter = wasmFilter({ module, rootId: "bench", configuration: keys.join("\n") });
  return Array.from({ length: copies }, () => filter);
}
