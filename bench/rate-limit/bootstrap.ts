import { fileURLToPath } from "node:url";

/** The module of the filter. */
export const module = fileURLToPath(new URL("../../build/rate-limit.wasm", import.meta.url));

const typeUrl = (name: string): string => `type.googleapis.com/${name}`;
const http = "envoy.extensions.filters.http";
const anyAddress = { socket_address: { address: "127.0.0.1", port_value: 0 } };
const all = { default_value: { numerator: 100, denominator: "HUNDRED" } };

/** Envoy's configuration: one listener, the given filters, and a response of its own. */
export function bootstrap(filters: readonly object[]): object {
  const router = { name: "router", typed_config: { "@type": typeUrl(`${http}.router.v3.Router`) } };
  const manager = {
    "@type": typeUrl("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "bench",
    generate_request_id: false,
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [answer] }] },
    http_filters: [...filters, router],
  };
  const listener = {
    name: "bench",
    enable_reuse_port: false,
    connection_balance_config: { exact_balance: {} },
    address: anyAddress,
    filter_chains: [
      { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
    ],
  };
  return {
    admin: { address: anyAddress },
    stats_flush_interval: "60s",
    static_resources: { listeners: [listener] },
  };
}

const answer = { match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: "ok\n" } } };

/** Our filter; each name has counts of its own. */
export function ours(configuration: object, name = "rate-limit"): object {
  const config = {
    name,
    root_id: "rate-limit",
    vm_config: { runtime: "envoy.wasm.runtime.v8", code: { local: { filename: module } } },
    configuration: { "@type": typeUrl("google.protobuf.StringValue"), value: JSON.stringify(configuration) },
  };
  return { name, typed_config: { "@type": typeUrl(`${http}.wasm.v3.Wasm`), config } };
}

/** Envoy's own limiter, with a bucket that never empties. */
export function native(name: string): object {
  const config = {
    "@type": typeUrl(`${http}.local_ratelimit.v3.LocalRateLimit`),
    stat_prefix: name,
    token_bucket: { max_tokens: 1_000_000_000, tokens_per_fill: 1_000_000_000, fill_interval: "1s" },
    filter_enabled: all,
    filter_enforced: all,
  };
  return { name, typed_config: config };
}
