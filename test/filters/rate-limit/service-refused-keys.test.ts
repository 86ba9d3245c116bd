import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import {
  RateLimitResponse_Code as Code,
  RateLimitResponse_RateLimit_Unit as Unit,
} from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { answer, asking, method, name } from "./programmed-service.ts";

const grpcClusters = [name];
const refusalFor = (seconds: number): Uint8Array => {
  const currentLimit = { requestsPerUnit: 5, unit: Unit.MINUTE };
  const durationUntilReset = { seconds: BigInt(seconds) };
  return answer({
    overallCode: Code.OVER_LIMIT,
    statuses: [{ code: Code.OVER_LIMIT, currentLimit, durationUntilReset }],
  });
};
const ok = answer({ overallCode: Code.OK });
const ask = async (proxy: StartedProxy, user = "ann"): Promise<number> =>
  (await proxy.get("/", { headers: { "x-user": user } })).status;

const one = { grpcClusters, envoy: { concurrency: 1 } };

filterTest(
  "rate-limit",
  asking(),
  one,
)(
  "a key that the service has refused costs no call, and others do",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusalFor(60) });
    const first = await proxy.get("/", { headers: { "x-user": "ann" } });
    const second = await proxy.get("/", { headers: { "x-user": "ann" } });
    limits?.unary(method, { message: ok });
    expect([first.status, second.status, await ask(proxy, "bob")]).toEqual([429, 429, 200]);
    await proxy.settled();

    expect(limits?.calls).toHaveLength(2);
    expect(second.headers.get("ratelimit-policy")).toBe('"r";q=5;w=60');
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(30);
    expect(proxy.stats).toHaveCounter("rate_limit.service.not_asked{rule=r}", 1);
    expect(proxy.stats).toHaveCounter("rate_limit.enforced{rule=r}", 2);
  },
);

filterTest("rate-limit", asking(), { grpcClusters, needs: ["virtual-clock"] })(
  "a key is refused until a second before the service counts anew, by which it may be early",
  async ({ proxy, grpcClusters: { limits } }) => {
    proxy.clock.freeze();
    limits?.unary(method, { message: refusalFor(60) });
    await ask(proxy);
    limits?.unary(method, { message: ok });
    await proxy.clock.advance(58_999);
    expect(await ask(proxy)).toBe(429);
    await proxy.clock.advance(1);
    expect(await ask(proxy)).toBe(200);
  },
);

// prettier-ignore
const asked: Array<[what: string, message: Uint8Array, options: object]> = [
  ["a service that counts anew within a second", refusalFor(1), {}],
  ["a service that says of no descriptor that it is over its limit", answer({ overallCode: Code.OVER_LIMIT }), {}],
  ["a plugin that keeps no keys", refusalFor(60), { max_refused_keys: 0 }],
];

for (const [what, message, options] of asked) {
  filterTest(
    "rate-limit",
    asking({}, {}, options),
    one,
  )(`${what} is asked each time`, async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message });

    expect([await ask(proxy), await ask(proxy)]).toEqual([429, 429]);
    expect(limits?.calls).toHaveLength(2);
  });
}

filterTest(
  "rate-limit",
  asking({}, {}, { max_refused_keys: 4 }),
  one,
)(
  "of more keys than there are places for, some are asked for again, and none passes",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: refusalFor(60) });
    const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    for (const user of [...users, ...users]) expect(await ask(proxy, user)).toBe(429);
    const calls = limits?.calls.length;
    expect(await ask(proxy, "user-19")).toBe(429);

    expect(calls).toBeGreaterThan(20);
    expect(limits?.calls).toHaveLength(calls ?? 0);
  },
);

const weights = [1, 2].map(
  (hits_addend) => asking({ name: `of ${hits_addend}`.replace(" ", "-") }, { hits_addend }).rules,
);
filterTest(
  "rate-limit",
  { rules: weights.flat() },
  one,
)("a refusal with one weight says nothing of another", async ({ proxy, grpcClusters: { limits } }) => {
  limits?.unary(method, ({ message }) => ({ message: message.at(-1) === 2 ? refusalFor(60) : ok }));

  expect([await ask(proxy), await ask(proxy)]).toEqual([429, 429]);
  expect(limits?.calls).toHaveLength(3);
});
