import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { one, type RateLimit, ruled } from "./scenarios.ts";

const test = filterTest("rate-limit", ruled({}));
const update = (proxy: StartedProxy, configuration: RateLimit): Promise<void> =>
  proxy.update({ chain: [{ filter: "rate-limit", configuration }] });

test("counts outlive a change of the configuration that leaves their limit as it is", async ({ proxy }) => {
  expect((await proxy.get("/")).status).toBe(200);
  const [rule] = ruled({}).rules;
  if (rule === undefined) return expect.unreachable();
  await update(proxy, { rules: [{ ...rule, name: "other", limit: { requests: 9, per: "day" } }, rule] });

  expect((await proxy.get("/")).status).toBe(429);
});

test("a limit that is changed begins anew", async ({ proxy }) => {
  expect((await proxy.get("/")).status).toBe(200);
  await update(proxy, ruled({ limit: { ...one, requests: 2 } }));

  expect([(await proxy.get("/")).status, (await proxy.get("/")).status]).toEqual([200, 200]);
  expect((await proxy.get("/")).status).toBe(429);
});
