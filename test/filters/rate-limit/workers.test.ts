import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { type Rule, ruled } from "./scenarios.ts";

/** Every request of so many clients at once, each of which sends one after the other: how many were admitted. */
async function admitted(proxy: StartedProxy, clients: number, requests: readonly string[]): Promise<number> {
  let count = 0;
  const left = [...requests];
  const send = async (): Promise<void> => {
    for (let key = left.pop(); key !== undefined; key = left.pop())
      if ((await proxy.get("/", { headers: { "x-key": key } })).status === 200) count++;
  };
  await Promise.all(Array.from({ length: clients }, send));
  return count;
}

const envoy = { envoy: { concurrency: 4 }, logLevel: "warn" } as const;
const limits: Array<Rule["limit"] & object> = [
  { requests: 1_000, per: "day", algorithm: "token_bucket" },
  { requests: 1_000, per: "day", burst: 1_000, algorithm: "gcra" },
  { requests: 1_000, per: "day", algorithm: "sliding_window" },
];

describe.for(limits)("$algorithm", ({ ...limit }) => {
  const hot = filterTest("rate-limit", ruled({ limit }), envoy);

  hot(
    "16 clients at once on four workers are given what the limit says, to the request",
    async ({ proxy }) => {
      const given = await admitted(
        proxy,
        16,
        Array.from({ length: 3_000 }, () => "hot"),
      );
      await proxy.settled();

      expect(given).toBe(1_000);
      expect(proxy.stats).toHaveCounter("rate_limit.enforced{rule=r}", 2_000);
      expect(proxy.stats).toHaveCounter("rate_limit.failed{rule=r}", 0);
    },
  );

  const single = { ...limit, requests: 1, burst: limit.algorithm === "sliding_window" ? undefined : 1 };
  const fresh = filterTest(
    "rate-limit",
    ruled({ key: [{ header: "x-key" }], limit: JSON.parse(JSON.stringify(single)) as Rule["limit"] }),
    envoy,
  );

  fresh("of 16 that race for the first request of a key, one wins", async ({ proxy }) => {
    const keys = Array.from({ length: 60 }, (_, i) => `key-${i}`);

    expect(
      await admitted(
        proxy,
        16,
        keys.flatMap((key) => Array.from({ length: 16 }, () => key)),
      ),
    ).toBe(keys.length);
  });
});

const several = filterTest(
  "rate-limit",
  {
    rules: [
      { name: "each", key: [{ header: "x-key" }], limit: { requests: 20, per: "day" } },
      { name: "all", key: [{ constant: "all" }], limit: { requests: 100, per: "day" } },
    ],
  },
  envoy,
);

several("what one of two rules refuses in a race is given back to the other", async ({ proxy }) => {
  const keys = Array.from({ length: 400 }, (_, i) => `key-${i % 4}`);
  const first = await admitted(proxy, 16, keys);
  // 4 keys of 20 fill 80 of 100: had a refusal taken from "all", less would be left for others
  const others = Array.from({ length: 400 }, (_, i) => `other-${i}`);

  expect([first, await admitted(proxy, 16, others)]).toEqual([80, 20]);
});
