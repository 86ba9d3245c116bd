import { GrpcUpstream } from "proxy-wasm-harness";
import { RateLimitResponse_Code as Code } from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { answer, asking, method, name } from "./programmed-service.ts";

const CLIENTS = 20;
const test = scenarioTest();

test("clients that leave while the service is asked leave nothing behind", async ({ start, upstream }) => {
  const limits = new GrpcUpstream();
  limits.unary(method, { fault: "silence" });
  const mesh = await start({
    listeners: [
      listener("in", {
        httpFilters: [wasm("rate-limit", asking({}, { timeout_ms: 60_000 }))],
        routes: [route("/", "service")],
      }),
    ],
    clusters: [cluster("service", upstream), cluster(name, limits)],
  });
  const client = await mesh.grpc("in");
  const calls = Array.from({ length: CLIENTS }, () => client.stream("/shop.Shop/Buy"));
  await expect.poll(() => limits.calls.length).toBe(CLIENTS);

  for (const call of calls) call.cancel();
  await expect.poll(() => limits.calls.filter(({ isCancelled }) => isCancelled).length).toBe(CLIENTS);
  limits.unary(method, { message: answer({ overallCode: Code.OK }) });
  expect(await mesh.get("in", "/")).toHaveStatus(200);
  await mesh.settled();

  expect(mesh.stats).toHaveCounter("rate_limit.service.abandoned{rule=r}", CLIENTS);
  expect(mesh.stats).toHaveCounter("rate_limit.service.asked{rule=r}", CLIENTS + 1);
  expect(mesh.stats).toHaveCounter("rate_limit.enabled{rule=r}", 1);
  expect(upstream.requests).toHaveLength(1);
});
