import { Upstream } from "proxy-wasm-harness";
import { cluster, listener, route, startScenario, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";

const test = scenarioTest();
const guest = (name: string): string => `../../build/guests/${name}.wasm`;

/** An upstream that answers with its name. */
function named(body: string): Upstream {
  const upstream = new Upstream();
  upstream.respond({ body });
  return upstream;
}

test("a weighted canary is shifted without a lost request", async ({ start }) => {
  const [stable, canary] = [named("stable"), named("canary")];
  const shifted = (weights: Record<string, number>) =>
    listener("in", { httpFilters: [wasm(guest("observer"))], routes: [route("/", weights)] });
  const mesh = await start({
    listeners: [shifted({ stable: 100, canary: 0 })],
    clusters: [cluster("stable", stable), cluster("canary", canary)],
  });
  const before = await mesh.get("in", "/", { protocol: "h2" });
  const statuses: number[] = [];
  let isShifting = true;
  const traffic = [1, 2, 3, 4].map(async () => {
    while (isShifting) statuses.push((await mesh.get("in", "/", { protocol: "h2" })).status);
  });

  for (const weight of [25, 50, 75, 100])
    await mesh.update({ listeners: [shifted({ stable: 100 - weight, canary: weight })] });
  isShifting = false;
  await Promise.all(traffic);
  const after = await mesh.get("in", "/", { protocol: "h2" });
  await mesh.settled();

  expect(new Set(statuses)).toEqual(new Set([200]));
  expect([before.text(), after.text()]).toEqual(["stable", "canary"]);
  expect(stable.requests.length + canary.requests.length).toBe(statuses.length + 2);
  expect(mesh.stats).toHaveCounter("listener.in.downstream_cx_total", 1);
});

const filtered = (limit: number) =>
  listener("in", {
    httpFilters: [wasm(guest("observer"))],
    routes: [route("/", "service")],
    with: { perConnectionBufferLimitBytes: limit },
  });

test("a listener that changes while a stream is paused ends that stream, and loses no other", async ({
  start,
  upstream,
}) => {
  const mesh = await start({ listeners: [filtered(1024)], clusters: [cluster("service", upstream)] });
  using gate = upstream.hold();
  const paused = mesh.get("in", "/paused", { protocol: "h2" });
  const lost = expect(paused).rejects.toMatchObject({ code: "internal" });
  await gate.arrived();

  await mesh.update({ listeners: [filtered(2048)] });
  await lost;
  gate.release();
  const next = await mesh.get("in", "/next", { protocol: "h2" });
  await mesh.settled();

  expect(next).toHaveStatus(200);
  expect(mesh.accessLog.filter(({ status }) => status !== 200)).toHaveLength(1);
});

test("with time to drain, a stream that is paused outlives its listener", async ({ upstream }) => {
  await using mesh = await startScenario(
    { listeners: [filtered(1024)], clusters: [cluster("service", upstream)] },
    { relativeTo: import.meta.dirname, envoy: { drainSeconds: 600 } },
  );
  using gate = upstream.hold();
  const paused = mesh.get("in", "/paused", { protocol: "h2" });
  await gate.arrived();

  await mesh.update({ listeners: [filtered(2048)] });
  gate.release();
  const [old, next] = [await paused, await mesh.get("in", "/next", { protocol: "h2" })];
  await mesh.settled();

  expect([old.status, next.status]).toEqual([200, 200]);
  expect(mesh.accessLog.map(({ path, status }) => [path, status])).toEqual([
    ["/paused", 200],
    ["/next", 200],
  ]);
});

test("what Envoy does not take is refused with its cause, and the scenario goes on as it was", async ({
  start,
  upstream,
}) => {
  const mesh = await start({ listeners: [filtered(1024)], clusters: [cluster("service", upstream)] });
  const broken = wasm(guest("raw/refuses-configuration"));

  const refused = mesh.update({
    listeners: [listener("in", { httpFilters: [broken], routes: [route("/", "service")] })],
  });

  await expect(refused).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringContaining("refused its configuration"),
  });
  expect(await mesh.get("in", "/")).toHaveStatus(200);
});

test("a listener comes and goes while another serves", async ({ start, upstream }) => {
  const mesh = await start({ listeners: [filtered(1024)], clusters: [cluster("service", upstream)] });

  await mesh.update({ listeners: [listener("other", { routes: [route("/", 204)] })] });
  const statuses = [(await mesh.get("other", "/")).status, (await mesh.get("in", "/")).status];
  await mesh.update({ remove: { listeners: ["other"] } });

  expect(statuses).toEqual([204, 200]);
  await expect(mesh.get("other", "/")).rejects.toThrow('no listener "other"');
  await mesh.settled();
  expect(mesh.stats).toHaveCounter("http.in.downstream_rq_total", 1);
});
