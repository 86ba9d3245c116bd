import type { ExhaustFinding, FreshProxy, ReceivedRequest, RepeatedOptions } from "proxy-wasm-harness";
import { RateLimitResponse_Code as Code } from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { known, ciKey } from "./header-authz/people.ts";
import { answer, asking, method, name as limits } from "./rate-limit/programmed-service.ts";

/** A filter at its work, of which everything that can fail is let fail. */
export interface Exhausted {
  readonly title: string;
  readonly options: RepeatedOptions;
  readonly scenario: (fresh: FreshProxy) => Promise<void>;
  readonly unauthorised?: (request: ReceivedRequest) => boolean;
  /** What is found, and why it is not mended. */
  readonly known: readonly Known[];
}

/** What the failure of a call leads to. */
export interface Known extends Pick<ExhaustFinding, "kind" | "call"> {
  readonly why: string;
  /** It is found only where each call and each callback fails alone. */
  readonly isAlone?: true;
}

const noReply: Known = {
  ...{ kind: "hang", call: "proxy_send_local_response" },
  why: "who must not pass and cannot be answered is held: nothing else is left to do",
};
const noResumption: readonly Known[] = ["proxy_continue_stream", "proxy_set_effective_context"].map(
  (call) => ({
    ...{ kind: "hang", call },
    why: "a request that nobody can let go is held",
  }),
);
const noVm = (call: string): Known => ({
  ...{ kind: "hang", call, isAlone: true },
  why: "the VM that would let the request go is lost with its trap, as in Envoy",
});
const noChance: Known = {
  ...{ kind: "trap", call: "random_get" },
  why: "AssemblyScript's Math.random traps in proxy_on_configure: the plugin does not start",
};

const authorization = {
  ...known,
  rules: [
    { deny: { header: "x-team", exact: "guests" } },
    { allow: { authenticated: "api_key", name: { exact: "ci" } } },
    { allow: { header: "x-role", exact: "admin" } },
  ],
};

const denying: Exhausted = {
  title: "header-authz, which denies",
  options: { chain: [{ filter: "header-authz", configuration: authorization }] },
  scenario: async ({ proxy }) => {
    await proxy.get("/denied/nobody");
    await proxy.get("/denied/user", { headers: { "x-role": "user" } });
    await proxy.get("/denied/guest", { headers: { "x-role": "admin", "x-team": "guests" } });
    await proxy.post("/denied/key", ["one", "two"], { headers: { "x-api-key": "another" } });
    await proxy.post("/ci", "one", { headers: { "x-api-key": ciKey } });
  },
  unauthorised: ({ path }) => path.startsWith("/denied/"),
  known: [noReply],
};

const settingHeaders: Exhausted = {
  title: "header-authz, which takes off what only it may set",
  options: {
    chain: [
      {
        filter: "header-authz",
        configuration: { ...authorization, set_headers: [{ header: "x-user", name_of: "api_key" }] },
      },
    ],
  },
  scenario: async ({ proxy }) => {
    const spoofed = { "x-user": "spoofed" };
    await proxy.get("/admin", { headers: { "x-role": "admin", ...spoofed } });
    await proxy.post("/ci", ["one", "two"], {
      headers: { "x-api-key": ciKey, ...spoofed },
      trailers: spoofed,
    });
  },
  unauthorised: ({ headers, trailers }) =>
    [headers, trailers].some((fields) => fields.get("x-user") === "spoofed"),
  known: [
    {
      ...{ kind: "unauthorised", call: "proxy_get_header_map_pairs", isAlone: true },
      why: "trailers that cannot be read go on",
    },
  ],
};

const localLimits: Exhausted = {
  title: "rate-limit with limits of its own",
  options: {
    chain: [
      {
        filter: "rate-limit",
        configuration: {
          rules: [{ name: "r", key: [{ header: "x-key" }], limit: { requests: 1, per: "day" } }],
          rate_limit_headers: "always",
        },
      },
    ],
  },
  scenario: async ({ proxy }) => {
    for (const key of ["a", "a", "b"]) await proxy.get("/", { headers: { "x-key": key } });
  },
  known: [noReply, noChance],
};

const serviceLimits: Exhausted = {
  title: "rate-limit with a service",
  options: { chain: [{ filter: "rate-limit", configuration: asking() }], grpcClusters: [limits] },
  scenario: async ({ proxy, grpcClusters }) => {
    for (const overallCode of [Code.OK, Code.OVER_LIMIT]) {
      grpcClusters[limits]?.unary(method, { message: answer({ overallCode }) });
      await proxy.get("/", { headers: { "x-user": "ann" } });
    }
  },
  known: [noReply, noChance, ...noResumption, noVm("proxy_on_grpc_receive")],
};

const faultInjection: Exhausted = {
  title: "fault-injection",
  options: {
    chain: [
      {
        filter: "fault-injection",
        configuration: {
          rules: [
            { name: "late", when: { path: { prefix: "/late" } }, delay: { fixed_ms: 20 } },
            { name: "gone", when: { path: { prefix: "/gone" } }, abort: { http_status: 418 } },
            { name: "slow", when: { path: { prefix: "/slow" } }, pace: { bytes_per_second: 100 } },
          ],
          max_active_faults: 10,
          seed: 1,
        },
      },
    ],
  },
  scenario: async ({ proxy }) => {
    for (const path of ["/late", "/gone", "/slow", "/other"]) await proxy.get(path);
  },
  known: [
    ...[noReply, noChance, ...noResumption, noVm("proxy_on_tick")],
    {
      ...{ kind: "hang", call: "proxy_set_tick_period_milliseconds" },
      why: "a delay begins though the timer that ends it could not be set",
    },
    {
      ...{ kind: "hang", call: "clock_time_get" },
      why: "a delay begins though nobody knows the time at which it ends",
    },
  ],
};

const metrics: Exhausted = {
  title: "metrics",
  options: {
    chain: [
      {
        filter: "metrics",
        configuration: {
          labels: ["method", "response_code", "path", "route"],
          paths: ["/items/{id}"],
          request_headers: [{ header: "x-tenant", label: "tenant" }],
        },
      },
    ],
  },
  scenario: async ({ proxy, upstream }) => {
    await proxy.get("/items/1", { headers: { "x-tenant": "acme" } });
    upstream.respond({ status: 500, body: ["a", "b"] });
    await proxy.post("/items/2", ["one", "two"]);
  },
  known: [],
};

export const exhausted: readonly Exhausted[] = [
  denying,
  settingHeaders,
  localLimits,
  serviceLimits,
  faultInjection,
  metrics,
];
