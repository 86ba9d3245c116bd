import { startBootstrap } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "../../harness/envoy-fixture.ts";

const file = new URL("../../../envoy-configs/rate-limit.yaml", import.meta.url).pathname;

test("the example runs, and does what it says", async ({ envoy }) => {
  void envoy; // without one the test is skipped
  await using proxy = await startBootstrap(file, { modules: { "rate-limit": "rate-limit" } });
  const ask = (path: string): Promise<number[]> =>
    Promise.all(Array.from({ length: 200 }, async () => (await proxy.get("http", path)).status));

  expect(new Set(await ask("/"))).toEqual(new Set([200, 429]));
  expect(new Set(await ask("/health"))).toEqual(new Set([200]));
  await proxy.settled();
  expect(proxy.stats.get("rate_limit.enforced{rule=per-client}")).toBeGreaterThan(0);
  expect(proxy.stats).toHaveCounter("rate_limit.enabled{rule=exports}", 0);
});
