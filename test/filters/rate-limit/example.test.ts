import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GrpcUpstream, startBootstrap } from "proxy-wasm-harness";
import { RateLimitResponse_Code as Code } from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "../../harness/envoy-fixture.ts";
import { answer, askedOf, method } from "./programmed-service.ts";

const file = new URL("../../../envoy-configs/rate-limit.yaml", import.meta.url).pathname;

test("the example runs, and does what it says", async ({ envoy }) => {
  void envoy; // without one the test is skipped
  await using proxy = await startBootstrap(file, { modules: { "rate-limit": "rate-limit" } });
  const ask = (path: string): Promise<number[]> =>
    Promise.all(Array.from({ length: 200 }, async () => (await proxy.get("http", path)).status));

  expect(new Set(await ask("/"))).toEqual(new Set([200, 429]));
  expect(new Set(await ask("/health"))).toEqual(new Set([200]));
  await proxy.settled();
  expect(proxy.stats.get("rate_limit.enforced{rule=per-client}")).toBeGreaterThan(0);
  expect(proxy.stats).toHaveCounter("rate_limit.enabled{rule=exports}", 0);
});

const fileWithService = new URL("../../../envoy-configs/rate-limit-service.yaml", import.meta.url);

/** The example as it stands, but for its patience: no answer is late on a machine that is busy. */
async function patientExample(folder: string): Promise<string> {
  const text = await readFile(fileWithService, "utf8");
  const file = path.join(folder, "envoy.yaml");
  await writeFile(file, text.replace(/"timeout_ms": \d+/, '"timeout_ms": 20000'));
  return file;
}

test("the example with a service asks it, and does what it says", async ({ envoy }) => {
  void envoy;
  const service = new GrpcUpstream();
  const codes = [Code.OK, Code.OVER_LIMIT];
  service.unary(method, () => ({ message: answer({ overallCode: codes.shift() ?? Code.UNKNOWN }) }));
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "example-"));
  await using proxy = await startBootstrap(await patientExample(folder.path), {
    modules: { "rate-limit": "rate-limit" },
    clusters: { "rate-limit-service": service },
  });
  const headers = { "x-user": "ann", "x-plan": "free" };
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await proxy.get("http", "/", { headers })).status);

  expect(statuses).toEqual([200, 429, 200]);
  const user = { key: "user", value: "ann" };
  const descriptors = [{ entries: [user] }, { entries: [{ key: "plan", value: "free" }, user] }];
  expect(askedOf(service)[0]).toEqual({ domain: "shop", descriptors, hitsAddend: 1 });
});
