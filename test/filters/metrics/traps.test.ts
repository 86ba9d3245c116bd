import type { FilterConfigurations, Upstream } from "proxy-wasm-harness";
import {
  cluster,
  listener,
  route,
  wasm,
  type Scenario,
  type StartedScenario,
} from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { reloading } from "../reloading.ts";

const streams = 50;
let count = 0;
const module = "metrics-that-traps";

/** The filter with one behind it that traps in the same VM, and the access logger in another one. */
function trapping({ upstream }: { upstream: Upstream }): Scenario {
  const vmId = `traps_${++count}`;
  const configuration = {
    ...{ stat_prefix: vmId, labels: [], histograms: [], max_series: 3 },
    request_headers: [{ header: "x-tenant", label: "tenant" }],
  };
  const logged: FilterConfigurations["metrics"] = { labels: ["response_code_class"], histograms: [] };
  return {
    listeners: [
      listener("in", {
        httpFilters: [
          reloading({ guest: module, rootId: "metrics", vmId, configuration }),
          reloading({ guest: module, rootId: "traps", vmId, configuration: {} }),
        ],
        accessLoggers: [wasm("metrics", logged, { rootId: "metrics-access-log" })],
        routes: [route("/free", 200), route("/", "service")],
      }),
    ],
    clusters: [cluster("service", upstream)],
  };
}

const concurrency = inject("proxyWasmConcurrency") ?? 1;
const test = scenarioTest(trapping, { allowTraps: true, envoy: { concurrency } });
const inOneWorker = scenarioTest(trapping, { allowTraps: true, envoy: { concurrency: 1 } });

const trap = { headers: { "x-trap": "", connection: "close" } };

/** The sum over all workers, while streams are open. */
async function activeIn(mesh: StartedScenario): Promise<number> {
  const text = await mesh.admin.get("/stats?filter=active_requests");
  const lines = [...text.matchAll(new RegExp(`traps_${count}\\.active_requests.*: (\\d+)$`, "gm"))];
  return lines.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Envoy loads a VM anew for the next request of its worker: connections of their own come to all of them. */
async function askAll(mesh: StartedScenario): Promise<number[]> {
  const asked = Array.from({ length: 8 }, () =>
    mesh.get("in", "/free", { headers: { connection: "close" } }),
  );
  return (await Promise.all(asked)).map(({ status }) => status);
}

const soon = { interval: 5 };

test("streams that a lost VM had are no longer active once they are over", async ({ mesh, upstream }) => {
  const gate = upstream.hold();
  const open = Array.from({ length: streams }, () => mesh.get("in", "/held"));
  await gate.arrived(streams);
  await expect.poll(() => activeIn(mesh)).toBe(streams);

  expect(await mesh.get("in", "/free", trap)).toHaveStatus(503);
  gate.release();
  await Promise.all(open);

  await expect.poll(async () => (await askAll(mesh), activeIn(mesh)), soon).toBe(0);
});

test("an access logger in a VM of its own counts what a lost VM had", async ({ mesh, upstream }) => {
  const gate = upstream.hold();
  const open = Array.from({ length: streams }, () => mesh.get("in", "/held"));
  await gate.arrived(streams);
  await mesh.get("in", "/free", trap);
  gate.release();
  await Promise.all(open);
  await mesh.settled();

  const names = mesh.stats.names().filter((name) => name.startsWith("metrics_access_log.requests_total"));
  const total = mesh.stats.get("http.in.downstream_rq_total");
  expect(names.reduce((sum, name) => sum + (mesh.stats.get(name) ?? 0), 0)).toBe(total);
  expect(total).toBe(streams + 1);
});

inOneWorker("a VM that is loaded anew counts what is active from 0, at once", async ({ mesh, upstream }) => {
  const gate = upstream.hold();
  const open = Array.from({ length: streams }, () => mesh.get("in", "/held"));
  await gate.arrived(streams);
  await mesh.get("in", "/free", trap);
  await expect.poll(() => askAll(mesh), soon).toEqual(Array.from({ length: 8 }, () => 200));

  const late = Array.from({ length: 3 }, () => mesh.get("in", "/held", { headers: { connection: "close" } }));
  await gate.arrived(streams + 3);
  await expect.poll(() => activeIn(mesh)).toBe(3);
  gate.release();
  await Promise.all([...open, ...late]);
  await mesh.settled();

  await expect.poll(() => activeIn(mesh)).toBe(0);
});

inOneWorker(
  "ten traps in a row leave nothing behind, neither in the gauge nor in its series",
  async ({ mesh, upstream }) => {
    for (let i = 0; i < 10; i++) {
      const gate = upstream.hold();
      const open = Array.from({ length: 5 }, () => mesh.get("in", "/held"));
      await gate.arrived(5);
      await mesh.get("in", "/free", trap);
      gate.release();
      await Promise.all(open);
      await expect.poll(() => askAll(mesh), soon).toEqual(Array.from({ length: 8 }, () => 200));
    }
    await mesh.settled();

    const gauges = mesh.stats.names().filter((name) => name.startsWith(`traps_${count}.active_requests`));
    expect(gauges).toHaveLength(2); // of the worker and of the main thread
    await expect.poll(() => activeIn(mesh)).toBe(0);
  },
);

inOneWorker("a VM that is loaded anew makes no series beyond the limit", async ({ mesh }) => {
  const ask = async (tenant: string): Promise<unknown> =>
    mesh.get("in", "/free", { headers: { "x-tenant": tenant } });
  for (const tenant of ["a", "b", "c", "d"]) await ask(tenant);
  await mesh.get("in", "/free", trap);
  await expect.poll(() => askAll(mesh), soon).toEqual(Array.from({ length: 8 }, () => 200));
  for (const tenant of ["e", "c", "f"]) await ask(tenant);
  await mesh.settled();

  const of = (tenant: string): number | null =>
    mesh.stats.get(`traps_${count}.requests_total{tenant=${tenant}}`);
  expect(["a", "b", "c", "d", "e", "f"].map(of)).toEqual([1, 1, 2, null, null, null]);
  expect(of("__overflow__")).toBeGreaterThan(3);
});
