import { cluster, listener, route, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { reloading } from "../reloading.ts";

const STREAMS = 50;
const filter = reloading({
  guest: "faults-and-traps",
  configuration: {
    rules: [
      { name: "for-ever", when: { path: { exact: "/held" } }, delay: { fixed_ms: 3_600_000 } },
      { name: "at-once", when: { path: { exact: "/aborted" } }, abort: { http_status: 418 } },
    ],
    max_active_faults: STREAMS,
  },
});

const test = scenarioTest(
  ({ upstream }) => ({
    listeners: [listener("in", { httpFilters: [filter], routes: [route("/", "service")] })],
    clusters: [cluster("service", upstream)],
  }),
  { allowTraps: true, envoy: { concurrency: 1 } },
);

/** The gauge while streams are open. */
async function active(mesh: StartedScenario): Promise<number> {
  const text = await mesh.admin.get("/stats?filter=fault_injection.active_faults");
  return Number(/active_faults: (\d+)/.exec(text)?.[1]);
}

test("what a lost VM held is no longer active, and others may be hit in its place", async ({ mesh }) => {
  const ask = (path: string, headers: Record<string, string> = {}): Promise<number> =>
    mesh.get("in", path, { headers: { connection: "close", ...headers } }).then(
      ({ status }) => status,
      () => 0,
    );
  const held = Array.from({ length: STREAMS }, () => mesh.connect("in"));
  const connections = await Promise.all(held);
  for (const each of connections) await each.send("GET /held HTTP/1.1\r\nhost: a\r\n\r\n");
  await expect.poll(() => active(mesh)).toBe(STREAMS);
  expect(await ask("/aborted")).toBe(200); // as many as there may be are hit already

  expect(await ask("/", { "x-trap": "now" })).toBe(503);

  // Envoy loads a VM anew for the next request.
  const next = (): Promise<number> => ask("/").then(() => active(mesh));
  await expect.poll(next, { interval: 50 }).toBe(0);
  expect(await ask("/aborted")).toBe(418);
  await Promise.all(connections.map((each) => each.reset()));
  await mesh.settled();
  expect(await active(mesh)).toBe(0);
});
