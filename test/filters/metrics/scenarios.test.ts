import type { FilterConfigurations } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";

type Metrics = FilterConfigurations["metrics"];

const test = filterTest("metrics", {}, { virtualHost: { routes: [{ name: "all", prefix: "/" }] } });

test("a request is counted by method, route, cluster and status", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();
  console.log(proxy.stats.names(), proxy.logs);
  const labels = "{method=GET}{route=all}{cluster=upstream}{response_code=200}";
  expect(proxy.stats).toHaveCounter(`metrics.requests_total${labels}`, 1);
});
