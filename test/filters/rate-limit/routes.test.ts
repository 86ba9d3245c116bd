import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { one, ruled } from "./scenarios.ts";

const settings = <T extends object>(value: T): { metadata: { "rate-limit": T } } => ({
  metadata: { "rate-limit": value },
});
const virtualHost = {
  routes: [
    { prefix: "/off", ...settings({ disabled: true }) },
    { prefix: "/rule-off", ...settings({ rules: [{ name: "r", disabled: true }] }) },
    { prefix: "/more", ...settings({ rules: [{ name: "r", limit: { requests: 2, per: "day" } }] }) },
    { prefix: "/other", ...settings({ rules: [{ name: "unknown", disabled: true }] }) },
    { prefix: "/wrong", ...settings({ rules: [{ name: "r", limit: { requests: 0, per: "day" } }] }) },
    { prefix: "/" },
  ],
};

const statuses = async (proxy: StartedProxy, path: string, times: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let i = 0; i < times; i++) seen.push((await proxy.get(path)).status);
  return seen;
};

const test = filterTest("rate-limit", ruled({ overrides: [{ values: ["all"], limit: one }] }), {
  virtualHost,
});

test("a route turns all rules off", async ({ proxy }) => {
  expect(await statuses(proxy, "/off", 3)).toEqual([200, 200, 200]);
});

test("a route turns one rule off", async ({ proxy }) => {
  expect(await statuses(proxy, "/rule-off", 3)).toEqual([200, 200, 200]);
});

test("a route has another limit, before all overrides, and counts by itself", async ({ proxy }) => {
  expect(await statuses(proxy, "/", 2)).toEqual([200, 429]);
  expect(await statuses(proxy, "/more", 3)).toEqual([200, 200, 429]);
});

test("a route that speaks of other rules changes nothing", async ({ proxy }) => {
  expect(await statuses(proxy, "/other", 2)).toEqual([200, 429]);
});

test("settings that are refused leave it to on_failure, and are counted", async ({ proxy }) => {
  expect(await statuses(proxy, "/wrong", 2)).toEqual([200, 200]);
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("rate_limit.failed{rule=r}", 2);
  expect(proxy.stats).toHaveCounter("rate_limit.ok{rule=r}", 2);
  expect(proxy.logs).toHaveLogged("error", /metadata rate-limit of a route was refused: .*requests.*from 1/);
});

const denying = filterTest("rate-limit", ruled({ on_failure: "deny" }), { virtualHost });

denying("settings that are refused refuse requests where on_failure says so", async ({ proxy }) => {
  expect(await statuses(proxy, "/wrong", 1)).toEqual([429]);
  await proxy.settled();

  expect(proxy.accessLog).toMatchObject([{ details: "rate_limit_failed" }]);
  expect(proxy.stats).toHaveCounter("rate_limit.failed{rule=r}", 1);
  expect(proxy.stats).toHaveCounter("rate_limit.enforced{rule=r}", 1);
});
