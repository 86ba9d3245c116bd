import { any } from "proxy-wasm-harness";
import { LocalRateLimitSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit";
import { FractionalPercent_DenominatorType as Of } from "proxy-wasm-harness/api/envoy/type/v3/percent";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { ruled } from "./scenarios.ts";

const HOUR = 3_600n;
const all = { defaultValue: { numerator: 100, denominator: Of.HUNDRED } };

/** Envoy's own limiter: so many tokens at first, and as many as `requests` come in an hour. */
const native = (requests: number, burst: number) =>
  any(LocalRateLimitSchema, {
    statPrefix: "native",
    tokenBucket: { maxTokens: burst, tokensPerFill: requests, fillInterval: { seconds: HOUR } },
    filterEnabled: all,
    filterEnforced: all,
  });
const ours = (requests: number, burst: number) =>
  wasm("rate-limit", ruled({ limit: { requests, burst, per: "hour" } }));

describe.for([
  [10, 10],
  [10, 25],
  [100, 3],
])("%i in an hour, %i at once", ([requests = 0, burst = 0]) => {
  const test = scenarioTest(
    ({ upstream }) => ({
      listeners: [
        listener("native", { httpFilters: [native(requests, burst)], routes: [route("/", "service")] }),
        listener("ours", { httpFilters: [ours(requests, burst)], routes: [route("/", "service")] }),
      ],
      clusters: [cluster("service", upstream)],
    }),
    { envoy: { concurrency: 4 }, logLevel: "warn" },
  );

  test("a token bucket decides as Envoy's local_ratelimit, request by request", async ({ mesh }) => {
    const verdicts = async (name: string): Promise<number[]> => {
      const seen: number[] = [];
      for (let i = 0; i < 30; i++) seen.push((await mesh.get(name, "/")).status);
      return seen;
    };

    expect(await verdicts("ours")).toEqual(await verdicts("native"));
  });

  test("40 requests at once are decided the same in sum", async ({ mesh }) => {
    const verdicts = async (name: string): Promise<number[]> => {
      const all = await Promise.all(Array.from({ length: 40 }, () => mesh.get(name, "/")));
      return all.map(({ status }) => status).sort();
    };

    expect(await verdicts("ours")).toEqual(await verdicts("native"));
  });
});
