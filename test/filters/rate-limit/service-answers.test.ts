import type { GrpcAnswer, StartedProxy, UpstreamFault } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import {
  RateLimitResponse_Code as Code,
  RateLimitResponse_RateLimit_Unit as Unit,
} from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { describe } from "vitest";
import { answer, asking, method, name } from "./programmed-service.ts";

const grpcClusters = [name];
const ofHour = { requestsPerUnit: 100, unit: Unit.HOUR };
const over = { code: Code.OVER_LIMIT, currentLimit: ofHour, durationUntilReset: { seconds: 1_800n } };
const room = (limitRemaining: number): object => ({ code: Code.OK, currentLimit: ofHour, limitRemaining });
const refusal = answer({ overallCode: Code.OVER_LIMIT, statuses: [over] });
const ok = answer({ overallCode: Code.OK });
const ann = { headers: { "x-user": "ann" } };

const counted = ({ stats }: StartedProxy): Record<string, number | null> => {
  const names = ["enabled", "ok", "rate_limited", "enforced", "shadow_mode", "failed"];
  const ofService = ["asked", "not_asked", "timeout", "unreachable", "error", "abandoned"];
  const all = [...names, ...ofService.map((each) => `service.${each}`)];
  const values = all.map((each) => [each, stats.get(`rate_limit.${each}{rule=r}`)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== 0));
};

describe("a refusal", () => {
  const always = { rate_limit_headers: "always", x_rate_limit_headers: "always" } as const;
  const test = filterTest("rate-limit", asking({}, {}, always), { grpcClusters });

  test("is answered with the service's numbers", async ({ proxy, upstream, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusal });
    const response = await proxy.get("/", ann);
    await proxy.settled();

    expect(response).toHaveStatus(429);
    expect(response.text()).toBe("rate limit exceeded");
    expect(response).toHaveHeader("retry-after", "1800");
    expect(response).toHaveHeader("ratelimit-policy", '"r";q=100;w=3600');
    expect(response).toHaveHeader("ratelimit", '"r";r=0;t=1800');
    expect(response).toHaveHeader("x-ratelimit-reset", "1800");
    expect(proxy.accessLog).toMatchObject([{ details: "rate_limit_exceeded" }]);
    expect(upstream.requests).toEqual([]);
    expect(counted(proxy)).toEqual({ enabled: 1, rate_limited: 1, enforced: 1, "service.asked": 1 });
  });

  test("of several descriptors is that of the longest wait", async ({ proxy, grpcClusters: { limits } }) => {
    const longer = { ...over, durationUntilReset: { seconds: 3_000n, nanos: 1 } };
    limits?.unary(method, {
      message: answer({ overallCode: Code.OVER_LIMIT, statuses: [room(0), over, longer, {}] }),
    });

    expect(await proxy.get("/", ann)).toHaveHeader("retry-after", "3001");
  });

  test("has the service's own words and headers", async ({ proxy, grpcClusters: { limits } }) => {
    const responseHeadersToAdd = [{ key: "X-Said", value: "by the service" }];
    const rawBody = new TextEncoder().encode("come back");
    limits?.unary(method, {
      message: answer({ overallCode: Code.OVER_LIMIT, responseHeadersToAdd, rawBody }),
    });
    const response = await proxy.get("/", ann);

    expect([response.status, response.text()]).toEqual([429, "come back"]);
    expect(response).toHaveHeader("x-said", "by the service");
    expect(response.headers.get("retry-after")).toBeNull();
  });

  test("of a gRPC request is RESOURCE_EXHAUSTED", async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusal });
    const response = await proxy.get("/", { headers: { "content-type": "application/grpc" } });

    expect(response).toHaveHeader("grpc-status", "8");
  });

  test("holds a request with a body until it is decided", async ({ proxy, upstream, grpcClusters }) => {
    grpcClusters[name]?.unary(method, { message: ok });
    expect(await proxy.post("/", "a body", ann)).toHaveStatus(200);

    expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("a body");
  });

  test("is not made of an OK, which says what is left", async ({ proxy, upstream, grpcClusters }) => {
    const requestHeadersToAdd = [{ key: "x-plan", value: "gold" }];
    const responseHeadersToAdd = [{ key: "x-said", rawValue: new TextEncoder().encode("raw") }];
    const statuses = [room(7), room(5), room(9)];
    grpcClusters[name]?.unary(method, {
      message: answer({ overallCode: Code.OK, statuses, requestHeadersToAdd, responseHeadersToAdd }),
    });
    const response = await proxy.get("/", ann);

    expect(response).toHaveStatus(200);
    expect(response).toHaveHeader("x-said", "raw");
    expect(response).toHaveHeader("x-ratelimit-remaining", "5");
    expect(upstream.requests[0]?.headers.get("x-plan")).toBe("gold");
  });
});

// A table: one line a way in which the service is of no use.
// prettier-ignore
const failures: Array<[what: string, answer: GrpcAnswer | UpstreamFault, counter: string]> = [
  ["answers by an error", { status: 13, statusMessage: "no Redis" }, "error"],
  ["answers by nothing", { message: "" }, "error"],
  ["answers by a code that is none", { message: Uint8Array.from([0x08, 0x09]) }, "error"],
  ["answers by what is no message", { message: Uint8Array.from([0x08, 0x02, 0x12, 0x7f]) }, "error"],
  ["takes no call", { fault: "refuse" }, "unreachable"],
  ["does not answer in time", { fault: "silence" }, "timeout"],
];

describe.for(failures)("a service that %s", ([, given, counter]) => {
  for (const [onFailure, status] of [
    ["allow", 200],
    ["deny", 429],
  ] as const) {
    filterTest(
      "rate-limit",
      asking({ on_failure: onFailure }, { timeout_ms: counter === "timeout" ? 50 : 20_000 }),
      { grpcClusters },
    )(
      `has its requests answered with ${status}, and is counted as ${counter}`,
      async ({ proxy, grpcClusters: { limits } }) => {
        limits?.unary(method, given);
        expect(await proxy.get("/", ann)).toHaveStatus(status);
        await proxy.settled();

        const came = status === 200 ? { ok: 1 } : { rate_limited: 1, enforced: 1 };
        const [entry] = proxy.accessLog;
        expect(counted(proxy)).toEqual({
          enabled: 1,
          ...came,
          failed: 1,
          "service.asked": 1,
          [`service.${counter}`]: 1,
        });
        expect(entry?.details).toBe(status === 200 ? "via_upstream" : "rate_limit_failed");
      },
    );
  }
});

filterTest("rate-limit", asking({}, {}), { grpcClusters, logLevel: "warn", envoy: { concurrency: 1 } })(
  "a failure is told in the log once for each cause, and not for each request",
  async ({ proxy, grpcClusters: { limits } }) => {
    for (const given of [{ status: 13, statusMessage: "no Redis" }, { fault: "refuse" }] as const) {
      limits?.unary(method, given);
      for (let i = 0; i < 3; i++) await proxy.get("/", ann);
    }
    await proxy.settled();

    const said = "rule r: the service has not decided, on_failure does: status";
    expect(proxy.logs.map(({ message }) => message)).toEqual([
      `${said} 13 no Redis`,
      expect.stringContaining(`${said} 14 `),
    ]);
  },
);

filterTest("rate-limit", asking({ on_failure: "deny" }, { cluster: "nowhere" }), { grpcClusters })(
  "a cluster that is not there is a service that cannot be reached",
  async ({ proxy }) => {
    expect(await proxy.get("/", ann)).toHaveStatus(429);
    await proxy.settled();

    expect(counted(proxy)).toMatchObject({ failed: 1, "service.unreachable": 1 });
  },
);

filterTest("rate-limit", asking({ on_failure: "deny" }, { timeout_ms: 40 }), {
  grpcClusters,
  needs: ["virtual-clock"],
})("an answer is waited for as long as timeout_ms says", async ({ proxy, grpcClusters: { limits } }) => {
  limits?.unary(method, { message: ok, delayMs: 39 });
  expect(await proxy.get("/", ann)).toHaveStatus(200);
  limits?.unary(method, { message: ok, delayMs: 41 });
  expect(await proxy.get("/", ann)).toHaveStatus(429);
});

filterTest("rate-limit", asking({ shadow: true }), { grpcClusters })(
  "a rule in shadow mode asks, and lets pass what is refused",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusal });
    expect(await proxy.get("/", ann)).toHaveStatus(200);
    await proxy.settled();

    expect(counted(proxy)).toEqual({ enabled: 1, rate_limited: 1, shadow_mode: 1, "service.asked": 1 });
  },
);

filterTest("rate-limit", asking({ enforced: { numerator: 0 } }), { grpcClusters })(
  "a refusal that is not enforced passes",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusal });

    expect(await proxy.get("/", ann)).toHaveStatus(200);
  },
);

const two = { rules: [...asking({ name: "first" }).rules, ...asking().rules] };
filterTest("rate-limit", two, { grpcClusters })(
  "a service is not asked for a second rule when the first refuses",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusal });
    expect(await proxy.get("/", ann)).toHaveStatus(429);
    limits?.unary(method, { message: ok });
    expect(await proxy.get("/", { headers: { "x-user": "bob" } })).toHaveStatus(200);
    await proxy.settled();

    expect(counted(proxy)).toEqual({ enabled: 1, ok: 1, "service.asked": 1 });
    expect(limits?.calls).toHaveLength(3);
  },
);

const local = { name: "here", key: [{ constant: "all" }], limit: { requests: 1, per: "day" } } as const;
filterTest(
  "rate-limit",
  { rules: [{ ...local, key: [...local.key] }, ...asking().rules] },
  { grpcClusters },
)(
  "what a service refuses is given back to the limits of this proxy",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusal });
    expect(await proxy.get("/", ann)).toHaveStatus(429);
    limits?.unary(method, { message: ok });
    expect(await proxy.get("/", { headers: { "x-user": "bob" } })).toHaveStatus(200);
    expect(await proxy.get("/", { headers: { "x-user": "eve" } })).toHaveStatus(429);
    expect(limits?.calls).toHaveLength(2);
  },
);
