import type { ReceivedResponse, StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { ruled } from "./scenarios.ts";

const minute = { requests: 2, per: "minute" } as const;
const last = async (proxy: StartedProxy, times: number, headers = {}): Promise<ReceivedResponse> => {
  for (let i = 1; i < times; i++) await proxy.get("/", { headers });
  return proxy.get("/", { headers });
};
const NAMES = ["retry-after", "ratelimit-policy", "ratelimit", "x-ratelimit-limit"];
const told = ({ headers }: ReceivedResponse): Array<string | null> => NAMES.map((name) => headers.get(name));

describe("a refusal", () => {
  const test = filterTest("rate-limit", ruled({ limit: { requests: 1, per: "day" } }));

  test("is a 429 with a reason code, and the upstream never hears of it", async ({ proxy, upstream }) => {
    const response = await last(proxy, 2);
    await proxy.settled();

    expect(response).toHaveStatus(429);
    expect(response.text()).toBe("rate limit exceeded");
    expect(upstream.requests).toHaveLength(1);
    expect(proxy.accessLog.map(({ details }) => details)).toEqual(["via_upstream", "rate_limit_exceeded"]);
  });

  test("of a gRPC request is RESOURCE_EXHAUSTED in a 200", async ({ proxy }) => {
    for (const type of ["application/grpc", "application/grpc+proto"]) {
      const response = await last(proxy, 2, { "content-type": type });

      expect(response).toHaveStatus(200);
      expect(response).toHaveHeader("grpc-status", "8");
      expect(response).toHaveHeader("grpc-message", "rate limit exceeded");
    }
  });

  test("of a request that only looks like gRPC is a 429", async ({ proxy }) => {
    expect(await last(proxy, 2, { "content-type": "application/grpcx" })).toHaveStatus(429);
  });
});

describe("headers by default", () => {
  const test = filterTest("rate-limit", ruled({ limit: { requests: 1, per: "day" } }));

  test("stand on refusals, and not on what is admitted", async ({ proxy }) => {
    expect(told(await proxy.get("/"))).toEqual([null, null, null, null]);
    const [retryAfter, policy, limit, x] = told(await proxy.get("/"));

    expect(Number(retryAfter)).toBeGreaterThan(86_300);
    expect(policy).toBe('"r";q=1;w=86400');
    expect(limit).toBe(`"r";r=0;t=${retryAfter}`);
    expect(x).toBeNull();
  });
});

describe("headers on all responses", () => {
  const test = filterTest(
    "rate-limit",
    ruled({ limit: minute }, { rate_limit_headers: "always", x_rate_limit_headers: "always" }),
    { needs: ["virtual-clock"] },
  );

  test("say what is left, and when there will be more", async ({ proxy }) => {
    proxy.clock.freeze();
    const responses = [await proxy.get("/"), await proxy.get("/"), await proxy.get("/")];

    expect(responses.map(told)).toEqual([
      [null, '"r";q=2;w=60', '"r";r=1;t=30', "2"],
      [null, '"r";q=2;w=60', '"r";r=0;t=30', "2"],
      ["30", '"r";q=2;w=60', '"r";r=0;t=30', "2"],
    ]);
    expect(responses.map(({ headers }) => headers.get("x-ratelimit-remaining"))).toEqual(["1", "0", "0"]);
    expect(responses.map(({ headers }) => headers.get("x-ratelimit-reset"))).toEqual(["30", "30", "30"]);
  });

  test("are added to those of the upstream", async ({ proxy, upstream }) => {
    upstream.respond({ headers: { ratelimit: '"own";r=5' } });
    proxy.clock.freeze();

    expect((await proxy.get("/")).headers.all("ratelimit")).toEqual(['"own";r=5', '"r";r=1;t=30']);
  });
});

describe("headers of a real proxy", () => {
  const test = filterTest(
    "rate-limit",
    ruled(
      { limit: { requests: 2, per: "day" } },
      { rate_limit_headers: "always", x_rate_limit_headers: "always" },
    ),
  );

  test("say what is left", async ({ proxy }) => {
    const responses = [await proxy.get("/"), await proxy.get("/"), await proxy.get("/")];

    expect(responses.map(({ headers }) => headers.get("x-ratelimit-remaining"))).toEqual(["1", "0", "0"]);
    expect(responses.map(({ headers }) => headers.get("ratelimit")?.replace(/\d+$/, "…"))).toEqual([
      ...['"r";r=1;t=…', '"r";r=0;t=…', '"r";r=0;t=…'],
    ]);
  });
});

describe("headers on no response", () => {
  const test = filterTest(
    "rate-limit",
    ruled({ limit: { requests: 1, per: "day" } }, { rate_limit_headers: "never" }),
  );

  test("leave Retry-After alone", async ({ proxy }) => {
    const [retryAfter, ...others] = told(await last(proxy, 2));

    expect(retryAfter).not.toBeNull();
    expect(others).toEqual([null, null, null]);
  });
});

describe("X-RateLimit headers on refusals", () => {
  const test = filterTest(
    "rate-limit",
    ruled({ limit: { requests: 1, per: "day" } }, { x_rate_limit_headers: "refused" }),
  );

  test("stand there only", async ({ proxy }) => {
    const responses = [await proxy.get("/"), await proxy.get("/")];

    expect(responses.map(({ headers }) => headers.get("x-ratelimit-limit"))).toEqual([null, "1"]);
  });
});

describe("several rules", () => {
  const [a, b] = [{ constant: "a" }, { constant: "b" }];
  const configuration = {
    rules: [
      { name: "few", key: [a], limit: { requests: 1, per: "day" } },
      { name: "many", key: [b], limit: { requests: 5, window_ms: 1_500 } },
      { name: "silent", key: [b], limit: { requests: 1, per: "day" }, shadow: true },
    ],
    rate_limit_headers: "always",
    x_rate_limit_headers: "always",
  } as const;
  const test = filterTest(
    "rate-limit",
    { ...configuration, rules: configuration.rules.map((rule) => ({ ...rule, key: [...rule.key] })) },
    { needs: ["virtual-clock"] },
  );

  test("are told in their order, but for those in shadow mode, and the tightest counts for X-RateLimit", async ({
    proxy,
  }) => {
    proxy.clock.freeze();
    const response = await proxy.get("/");

    expect(response).toHaveHeader("ratelimit-policy", '"few";q=1;w=86400, "many";q=5');
    expect(response).toHaveHeader("ratelimit", '"few";r=0;t=86400, "many";r=4;t=1');
    expect(response).toHaveHeader("x-ratelimit-limit", "1");
  });
});

describe("a request that has not what the key is made of", () => {
  const test = filterTest("rate-limit", ruled({ key: [{ header: "x-key" }], on_missing: "deny" }));

  test("is told so, and not to try again", async ({ proxy }) => {
    const response = await proxy.get("/");
    await proxy.settled();

    expect(told(response)).toEqual([null, null, null, null]);
    expect(proxy.accessLog).toMatchObject([{ status: 429, details: "rate_limit_missing_key" }]);
  });
});
