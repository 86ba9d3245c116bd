import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { typeUrl, wasmFilter, type HttpFilter } from "./bootstrap.ts";
import type { Request } from "./workloads.ts";

/** A reference filter, doing what its users have it for, and Envoy's own filters that do the like. */
export interface ReferenceFilter {
  readonly name: string;
  readonly what: string;
  readonly configuration: unknown;
  /** The same filter when it has no work to do, for the filters that have a goal over that; in microseconds. */
  readonly idle?: { readonly configuration: unknown; readonly goalMicros: number };
  /** In the order in which they stand; none where Envoy has no such filter. */
  readonly native: readonly HttpFilter[];
  readonly request: Request;
  /** What its module may have, names left out. */
  readonly mostBytes: number;
}

const request = (headers: Readonly<Record<string, string>> = {}): Request => ({
  method: "GET",
  paths: ["/api/v1/items"],
  headers: { "user-agent": "wrk", accept: "*/*", ...headers },
});

const native = (name: string, message: string, fields: object): HttpFilter => ({
  name: `envoy.filters.http.${name}`,
  typed_config: { "@type": typeUrl(`envoy.extensions.filters.http.${message}`), ...fields },
});

const always = { numerator: 100, denominator: "HUNDRED" };
const apiKey = "6a9d2e3c-bench-key";

export const referenceFilters: readonly ReferenceFilter[] = [
  {
    name: "rate-limit",
    what: "one hot key that is never limited",
    configuration: rateLimit({ numerator: 100 }),
    idle: { configuration: rateLimit({ numerator: 0 }), goalMicros: 8 },
    native: [
      native("local_ratelimit", "local_ratelimit.v3.LocalRateLimit", {
        stat_prefix: "bench",
        token_bucket: { max_tokens: 1_000_000_000, tokens_per_fill: 1_000_000_000, fill_interval: "60s" },
        filter_enabled: { default_value: always },
        filter_enforced: { default_value: always },
      }),
    ],
    request: request({ "x-tenant": "acme" }),
    mostBytes: 32 * 1024,
  },
  {
    name: "header-authz",
    what: "one deny by path, one allow by header",
    configuration: {
      rules: [{ deny: { path: { prefix: "/admin" } } }, { allow: { header: "x-api-key", exact: apiKey } }],
    },
    native: [
      native("rbac", "rbac.v3.RBAC", {
        rules: {
          action: "DENY",
          policies: {
            admin: {
              permissions: [{ url_path: { path: { prefix: "/admin" } } }],
              principals: [{ any: true }],
            },
          },
        },
      }),
      native("api_key_auth", "api_key_auth.v3.ApiKeyAuth", {
        credentials: [{ key: apiKey, client: "bench" }],
        key_sources: [{ header: "x-api-key" }],
      }),
    ],
    request: request({ "x-api-key": apiKey }),
    mostBytes: 64 * 1024,
  },
  {
    name: "fault-injection",
    what: "a delay and an abort for none of the requests",
    configuration: {
      rules: [
        { name: "bench", percent: { numerator: 0 }, delay: { fixed_ms: 100 }, abort: { http_status: 503 } },
      ],
    },
    native: [
      native("fault", "fault.v3.HTTPFault", {
        delay: { fixed_delay: "0.1s", percentage: { numerator: 0 } },
        abort: { http_status: 503, percentage: { numerator: 0 } },
      }),
    ],
    request: request(),
    mostBytes: 32 * 1024,
  },
  {
    name: "metrics",
    what: "four labels and three histograms",
    configuration: {},
    native: [],
    request: request(),
    mostBytes: 32 * 1024,
  },
];

function rateLimit(enabled: object): unknown {
  const limit = { requests: 1_000_000_000, per: "minute" };
  return { rules: [{ name: "bench", key: [{ header: "x-tenant" }], limit, enabled }] };
}

/** The module of a filter as the workspace builds it. */
export function moduleOf(name: string): string {
  return fileURLToPath(new URL(`../build/${name}.wasm`, import.meta.url));
}

/** Those that are there. */
export function builtFilters(): readonly ReferenceFilter[] {
  return referenceFilters.filter(({ name }) => existsSync(moduleOf(name)));
}

/** The element of `http_filters` that loads a reference filter. */
export function referenceFilter(name: string, configuration: unknown): HttpFilter {
  return wasmFilter({ module: moduleOf(name), rootId: name, configuration: JSON.stringify(configuration) });
}
