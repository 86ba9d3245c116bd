import { any } from "proxy-wasm-harness";
import { WasmSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/wasm/v3/wasm";
import { FailurePolicy } from "proxy-wasm-harness/api/envoy/extensions/wasm/v3/wasm";
import { cluster, type HttpFilter, listener, route } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { guest } from "../../guests/guest.ts";

const LIMIT = 60;
const STREAMS = 50;
const configuration = JSON.stringify({
  rules: [{ name: "r", key: [{ header: "x-key" }], limit: { requests: LIMIT, per: "day" } }],
});

/** The limiter that traps on demand, under FAIL_RELOAD: the next request makes a new VM. */
function reloading(vmId: string): HttpFilter {
  const filename = guest("limits-and-traps");
  const code = {
    specifier: { case: "local", value: { specifier: { case: "filename", value: filename } } },
  } as const;
  return any(WasmSchema, {
    config: {
      name: "limits",
      rootId: "limits-and-traps",
      failurePolicy: FailurePolicy.FAIL_RELOAD,
      reloadConfig: { backoff: { baseInterval: { nanos: 10_000_000 } } },
      configuration: any(StringValueSchema, { value: configuration }),
      vm: { case: "vmConfig", value: { vmId, runtime: "envoy.wasm.runtime.v8", code } },
    },
  });
}

const test = scenarioTest(
  ({ upstream }) => ({
    listeners: [listener("in", { httpFilters: [reloading("traps")], routes: [route("/", "service")] })],
    clusters: [cluster("service", upstream)],
  }),
  { allowTraps: true, logLevel: "info", envoy: { concurrency: 1 } },
);

test("limits hold through a trap with 50 streams open, and those that follow are counted on", async ({
  mesh,
  upstream,
}) => {
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await mesh.get("in", "/", { headers })).status;
  const gate = upstream.hold();
  const open = Array.from({ length: STREAMS }, () => ask({ "x-key": "hot" }));
  await expect.poll(() => upstream.requests.length).toBe(STREAMS);

  expect(await ask({ "x-trap": "now" })).toBe(503);
  gate.release();
  expect(new Set(await Promise.all(open))).toEqual(new Set([503])); // their VM is gone
  await expect.poll(() => ask({ "x-key": "other" })).toBe(200); // a new one is there

  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push(await ask({ "x-key": "hot" }));
  await mesh.settled();
  expect(statuses).toEqual([
    ...Array.from({ length: LIMIT - STREAMS }, () => 200),
    ...Array.from({ length: 10 }, () => 429),
  ]);
  expect(mesh.stats).toHaveGauge("http.in.downstream_rq_active", 0);
});
