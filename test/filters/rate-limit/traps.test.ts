import { cluster, listener, route, type Scenario, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import type { Upstream } from "proxy-wasm-harness";
import { reloading } from "../reloading.ts";

const LIMIT = 60;
const STREAMS = 50;
const filter = reloading({
  guest: "limits-and-traps",
  configuration: {
    rules: [{ name: "r", key: [{ header: "x-key" }], limit: { requests: LIMIT, per: "day" } }],
  },
});

const limited = ({ upstream }: { upstream: Upstream }): Scenario => ({
  listeners: [listener("in", { httpFilters: [filter], routes: [route("/", "service")] })],
  clusters: [cluster("service", upstream)],
});

const test = scenarioTest(limited, { allowTraps: true, logLevel: "info", envoy: { concurrency: 1 } });
const onFourWorkers = scenarioTest(limited, {
  allowTraps: true,
  logLevel: "info",
  envoy: { concurrency: 4 },
});

/** The status; 0 where Envoy ends a connection without an answer, as it does now and then while it loses a VM. */
async function ask(mesh: StartedScenario, headers: object): Promise<number> {
  const asked = mesh.get("in", "/", { headers: { connection: "close", ...headers } });
  return asked.then(
    ({ status }) => status,
    () => 0,
  );
}

/** Each with a connection of its own, which any worker may have. */
async function askAll(mesh: StartedScenario, count: number, headers: object): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => ask(mesh, headers)));
}

const times = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

test("limits hold through a trap with 50 streams open, and those that follow are counted on", async ({
  mesh,
  upstream,
}) => {
  const gate = upstream.hold();
  const open = askAll(mesh, STREAMS, { "x-key": "hot" });
  await gate.arrived(STREAMS);

  expect(await ask(mesh, { "x-trap": "now" })).toBe(503);
  gate.release();
  expect(await open).toEqual(times(STREAMS, 503)); // their VM is gone
  await expect.poll(() => ask(mesh, { "x-key": "other" })).toBe(200); // a new one is there

  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push(await ask(mesh, { "x-key": "hot" }));
  await mesh.settled();
  expect(statuses).toEqual([...times(LIMIT - STREAMS, 200), ...times(10, 429)]);
  expect(mesh.stats).toHaveGauge("http.in.downstream_rq_active", 0);
});

onFourWorkers("and on four workers, whichever of them lose their VMs", async ({ mesh, upstream }) => {
  const gate = upstream.hold();
  const open = askAll(mesh, STREAMS, { "x-key": "hot" });
  await gate.arrived(STREAMS);

  for (let i = 0; i < 6; i++) expect([0, 503]).toContain(await ask(mesh, { "x-trap": "now" }));
  gate.release();
  await open;
  await askAll(mesh, 100, { "x-key": "hot" });
  let round = 0;
  const others = async (): Promise<number[]> => askAll(mesh, 40, { "x-key": `other-${round++}` });
  await expect.poll(others).toEqual(times(40, 200)); // all have VMs again

  await askAll(mesh, 20, { "x-key": "hot" });
  const hot = upstream.requests.filter(({ headers }) => headers.get("x-key") === "hot");
  expect(hot).toHaveLength(LIMIT);
  expect(await askAll(mesh, 20, { "x-key": "hot" })).toEqual(times(20, 429));
  expect(await askAll(mesh, 20, { "x-key": "next" })).toEqual(times(20, 200));
  await mesh.settled();
  expect(mesh.stats).toHaveGauge("http.in.downstream_rq_active", 0);
});
