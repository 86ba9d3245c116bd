import { startBootstrap } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "../../harness/envoy-fixture.ts";

const file = new URL("../../../envoy-configs/fault-injection.yaml", import.meta.url).pathname;

test("the example runs, and does what it says", async ({ envoy }) => {
  void envoy; // without one the test is skipped
  await using proxy = await startBootstrap(file, { modules: { "fault-injection": "fault-injection" } });
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await proxy.get("http", "/", { headers: { "x-envoy-fault-abort-request": "418", ...headers } })).status;

  expect(await ask({ "x-tester": "me" })).toBe(418);
  expect(await ask({})).toBe(200);
  await proxy.settled();
  expect(proxy.stats).toHaveCounter("fault_injection.aborts_injected", 1);
});
