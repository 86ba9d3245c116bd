import http2 from "node:http2";
import { cluster, listener, route, type StartedScenario, wasm } from "proxy-wasm-harness/scenario";
import { expect, type ScenarioTest, scenarioTest } from "proxy-wasm-harness/vitest";
import { describe, inject } from "vitest";
import { doing, type FaultInjection } from "./scenarios.ts";

const HOUR_MS = 3_600_000;
const GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

function faulty(configuration: FaultInjection): ScenarioTest {
  return scenarioTest(
    ({ upstream }) => ({
      listeners: [
        listener("in", {
          httpFilters: [wasm("fault-injection", configuration)],
          routes: [route("/", "service")],
        }),
      ],
      clusters: [cluster("service", upstream)],
    }),
    { envoy: { concurrency: inject("proxyWasmConcurrency") ?? 1 } },
  );
}

/** The sum of all gauges of this name, while streams are open. */
async function active(mesh: StartedScenario): Promise<number> {
  const text = await mesh.admin.get("/stats?filter=fault_injection.active_faults");
  return [...text.matchAll(/active_faults: (\d+)/g)].reduce((sum, [, value]) => sum + Number(value), 0);
}

describe("clients that leave during a delay leave nothing behind", () => {
  const test = faulty(doing({ delay: { fixed_ms: HOUR_MS } }));

  test("over HTTP/1", async ({ mesh, upstream }) => {
    const connections = await Promise.all(Array.from({ length: 50 }, () => mesh.connect("in")));
    for (const each of connections) await each.send(GET);
    await expect.poll(() => active(mesh)).toBe(50);

    await Promise.all(connections.map((each) => each.reset()));
    await expect.poll(() => active(mesh)).toBe(0);
    await mesh.settled();
    expect(mesh.stats).toHaveGauge("http.in.downstream_rq_active", 0);
    expect(mesh.stats).toHaveCounter("fault_injection.delays_injected", 50);
    expect(upstream.requests).toHaveLength(0);
    expect(mesh.logs).toEqual([]);
  });

  test("over HTTP/2", async ({ mesh }) => {
    const session = http2.connect(`http://127.0.0.1:${await mesh.port("in")}`);
    const streams = Array.from({ length: 20 }, () => session.request({ ":path": "/" }));
    for (const each of streams) each.on("error", () => each.destroy());
    await expect.poll(() => active(mesh)).toBe(20);

    for (const each of streams) each.close(http2.constants.NGHTTP2_CANCEL);
    await expect.poll(() => active(mesh)).toBe(0);
    await new Promise<void>((resolve) => session.close(resolve));
    await mesh.settled();
    expect(mesh.logs).toEqual([]);
  });
});

describe("not more requests are hit at once than may be", () => {
  faulty(doing({ delay: { fixed_ms: HOUR_MS } }, { max_active_faults: 10 }))(
    "in all workers together, to the request",
    async ({ mesh, upstream }) => {
      const connections = await Promise.all(Array.from({ length: 40 }, () => mesh.connect("in")));
      await Promise.all(connections.map((each) => each.send(GET)));
      await expect.poll(() => upstream.requests.length).toBe(30);
      await expect.poll(() => active(mesh)).toBe(10); // a worker counts a request when it has its place

      await Promise.all(connections.map((each) => each.reset()));
      await mesh.settled();
      expect(mesh.stats).toHaveCounter("fault_injection.delays_injected", 10);
      expect(mesh.stats).toHaveCounter("fault_injection.faults_overflow", 30);
      expect(mesh.stats).toHaveGauge("fault_injection.active_faults", 0);
    },
  );

  faulty(doing({ delay: { fixed_ms: 1 } }, { max_active_faults: 1 }))(
    "and the next ones again when these are over",
    async ({ mesh }) => {
      for (let i = 0; i < 20; i++) expect(await mesh.get("in", "/")).toHaveStatus(200);
      await mesh.settled();

      const { stats } = mesh;
      const hit = stats.get("fault_injection.delays_injected") ?? 0;
      expect(hit + (stats.get("fault_injection.faults_overflow") ?? 0)).toBe(20);
      expect(hit).toBeGreaterThan(0);
    },
  );
});
