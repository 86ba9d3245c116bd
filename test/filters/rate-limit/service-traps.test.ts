import { GrpcUpstream } from "proxy-wasm-harness";
import { RateLimitResponse_Code as Code } from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { cluster, listener, route } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { reloading } from "../reloading.ts";
import { answer, asking, method, name } from "./programmed-service.ts";

const CLIENTS = 50;
const filter = reloading({
  guest: "limits-and-traps",
  configuration: asking({}, { timeout_ms: 60_000 }),
  vmId: "limits-and-traps-by-a-service",
});
const test = scenarioTest(() => ({ listeners: [] }), { allowTraps: true, envoy: { concurrency: 1 } });

test("a trap while a service is asked lets nobody pass, and the next VM asks anew", async ({
  start,
  upstream,
}) => {
  const limits = new GrpcUpstream();
  const late = Promise.withResolvers<null>();
  limits.unary(method, async () => {
    await late.promise;
    return { message: answer({ overallCode: Code.OK }) };
  });
  const mesh = await start({
    listeners: [listener("in", { httpFilters: [filter], routes: [route("/", "service")] })],
    clusters: [cluster("service", upstream), cluster(name, limits)],
  });
  const waiting = await Promise.all(Array.from({ length: CLIENTS }, () => mesh.connect("in")));
  for (const each of waiting) await each.send("GET / HTTP/1.1\r\nhost: a\r\nx-user: ann\r\n\r\n");
  await expect.poll(() => limits.calls.length).toBe(CLIENTS);

  expect(await mesh.get("in", "/", { headers: { "x-trap": "now" } })).toHaveStatus(503);
  late.resolve(null);
  const ask = async (): Promise<number> =>
    (await mesh.get("in", "/", { headers: { "x-user": "bob" } })).status;
  await expect.poll(ask).toBe(200);
  expect(upstream.requests.filter(({ headers }) => headers.get("x-user") === "ann")).toEqual([]);

  // Envoy resumes no stream of a lost VM: such a client waits until it leaves, or Envoy's time-out for idle streams ends it.
  await Promise.all(waiting.map((each) => each.reset()));
  limits.unary(method, { message: answer({ overallCode: Code.OVER_LIMIT }) });
  expect(await ask()).toBe(429);
  await mesh.settled();
  expect(mesh.stats).toHaveGauge("http.in.downstream_rq_active", 0);
  expect(mesh.stats).toHaveGauge(`cluster.${name}.upstream_rq_active`, 0);
});
