import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { any } from "proxy-wasm-harness";
import { WasmSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/wasm/v3/wasm";
import { FailurePolicy } from "proxy-wasm-harness/api/envoy/extensions/wasm/v3/wasm";
import { cluster, type HttpFilter, listener, route, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { guest } from "../../guests/guest.ts";

const STREAMS = 50;
const configuration = JSON.stringify({
  rules: [
    { name: "for-ever", when: { path: { exact: "/held" } }, delay: { fixed_ms: 3_600_000 } },
    { name: "at-once", when: { path: { exact: "/aborted" } }, abort: { http_status: 418 } },
  ],
  max_active_faults: STREAMS,
});

/** The filter that traps on demand, under FAIL_RELOAD: the next request makes a new VM. */
function reloading(vmId: string): HttpFilter {
  const filename = guest("faults-and-traps");
  const code = {
    specifier: { case: "local", value: { specifier: { case: "filename", value: filename } } },
  } as const;
  return any(WasmSchema, {
    config: {
      name: "faults",
      rootId: "faults-and-traps",
      failurePolicy: FailurePolicy.FAIL_RELOAD,
      reloadConfig: { backoff: { baseInterval: { nanos: 10_000_000 } } },
      configuration: any(StringValueSchema, { value: configuration }),
      vm: { case: "vmConfig", value: { vmId, runtime: "envoy.wasm.runtime.v8", code } },
    },
  });
}

const test = scenarioTest(
  ({ upstream }) => ({
    listeners: [listener("in", { httpFilters: [reloading("faults_trap")], routes: [route("/", "service")] })],
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
  await expect.poll(() => active(mesh), { timeout: 10_000 }).toBe(STREAMS);
  expect(await ask("/aborted")).toBe(200); // as many as there may be are hit already

  expect(await ask("/", { "x-trap": "now" })).toBe(503);

  // Envoy loads a VM anew for the next request.
  const next = (): Promise<number> => ask("/").then(() => active(mesh));
  await expect.poll(next, { timeout: 20_000, interval: 50 }).toBe(0);
  expect(await ask("/aborted")).toBe(418);
  await Promise.all(connections.map((each) => each.reset()));
  await mesh.settled();
  expect(await active(mesh)).toBe(0);
});
