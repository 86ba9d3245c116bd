import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { chainTest, expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../../guests/guest.ts";

const requests = 120;
const most = 10;
const configuration = {
  labels: [],
  histograms: [],
  max_series: most,
  request_headers: [{ header: "x-tenant", label: "tenant" }],
};

const test = scenarioTest(
  ({ upstream }) => ({
    listeners: [
      listener("in", {
        httpFilters: [wasm("metrics", { ...configuration, labels: [] })],
        routes: [route("/", "service")],
      }),
    ],
    clusters: [cluster("service", upstream)],
  }),
  { envoy: { concurrency: 4 } },
);

test("four workers make no more series together than one may, and lose no request", async ({
  mesh,
  upstream,
}) => {
  using gate = upstream.hold();
  const all = Array.from({ length: requests }, (_, i) =>
    mesh.get("in", "/", { headers: { "x-tenant": `t${i % 40}`, connection: "close" } }),
  );
  await gate.arrived(requests);
  gate.release();
  await Promise.all(all);
  await mesh.settled();

  const series = mesh.stats.names().filter((name) => name.startsWith("metrics.requests_total"));
  expect(series).toHaveLength(most + 1);
  expect(series).toContain("metrics.requests_total{tenant=__overflow__}");
  expect(series.reduce((sum, name) => sum + (mesh.stats.get(name) ?? 0), 0)).toBe(requests);
});

test("each worker that had a stream has a gauge of its own, and their sum is what is active", async ({
  mesh,
  upstream,
}) => {
  const gate = upstream.hold();
  const all = Array.from({ length: 40 }, () => mesh.get("in", "/"));
  await gate.arrived(all.length);
  const active = async (): Promise<number> => {
    const text = await mesh.admin.get("/stats?filter=metrics.active_requests");
    return text.split("\n").reduce((sum, line) => sum + Number(/: (\d+)$/.exec(line)?.[1] ?? 0), 0);
  };
  await expect.poll(active).toBe(all.length); // a VM finds its thread some turns after it is configured
  gate.release();
  await Promise.all(all);
  await mesh.settled();

  const workers = mesh.stats.names().filter((name) => name.startsWith("metrics.active_requests{worker="));
  expect(workers.length).toBeGreaterThanOrEqual(4);
  expect(workers.map((name) => mesh.stats.get(name))).toEqual(workers.map(() => 0));
});

const updates = 12;
const workers = inject("proxyWasmConcurrency") ?? 1;
const build = (filter: string) => ({
  ...{ filter, rootId: "metrics", name: "updated", vmId: "updated" },
  configuration: JSON.stringify({ stat_prefix: "updated", labels: [] }),
});
const builds = [build("metrics"), build(guest("metrics-that-traps"))] as const;

chainTest([builds[0]])("updates of the module use the numbers of workers again", async ({ proxy }) => {
  for (let i = 1; i <= updates; i++) {
    await proxy.get("/");
    await proxy.update({ chain: [builds[i % 2 === 0 ? 0 : 1]] });
    await proxy.settled();
  }
  await proxy.get("/");
  await proxy.settled();

  // Envoy forgets what no VM that is left has defined, but not which numbers are taken.
  const gauges = proxy.stats.names().filter((name) => name.startsWith("updated.active_requests"));
  const numbers = gauges.map((name) => Number(/{worker=updated\.(\d+)}/.exec(name)?.[1]));
  expect(numbers.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...numbers)).toBeLessThan(3 * (workers + 1)); // of 13 times as many VMs
  expect(gauges.map((name) => proxy.stats.get(name))).toEqual(gauges.map(() => 0));
});
