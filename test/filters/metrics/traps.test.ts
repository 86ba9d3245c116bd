import type { Any } from "@bufbuild/protobuf/wkt";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { any } from "proxy-wasm-harness";
import { FailurePolicy } from "proxy-wasm-harness/api/envoy/extensions/wasm/v3/wasm";
import { WasmSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/wasm/v3/wasm";
import { cluster, listener, route, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../../guests/guest.ts";

const streams = 50;
let count = 0;

/** A filter of the module that traps, in a VM that Envoy loads anew as soon as it may. */
function reloaded(rootId: string, vmId: string, configuration: object): Any {
  return any(WasmSchema, {
    config: {
      name: rootId,
      rootId,
      failurePolicy: FailurePolicy.FAIL_RELOAD,
      reloadConfig: { backoff: { baseInterval: { nanos: 10_000_000 } } },
      configuration: any(StringValueSchema, { value: JSON.stringify(configuration) }),
      vm: {
        case: "vmConfig",
        value: {
          vmId,
          runtime: "envoy.wasm.runtime.v8",
          code: {
            specifier: {
              case: "local",
              value: { specifier: { case: "filename", value: guest("metrics-that-traps") } },
            },
          },
        },
      },
    },
  });
}

const test = scenarioTest(
  ({ upstream }) => {
    const vmId = `traps_${++count}`;
    return {
      listeners: [
        listener("in", {
          httpFilters: [reloaded("metrics", vmId, { stat_prefix: vmId }), reloaded("traps", vmId, {})],
          routes: [route("/free", 200), route("/", "service")],
        }),
      ],
      clusters: [cluster("service", upstream)],
    };
  },
  { allowTraps: true, envoy: { concurrency: inject("proxyWasmConcurrency") ?? 1 } },
);

/** The sum over all workers, while streams are open. */
async function activeIn(mesh: StartedScenario): Promise<number> {
  const text = await mesh.admin.get("/stats?filter=active_requests");
  const lines = [...text.matchAll(new RegExp(`traps_${count}\\.active_requests.*: (\\d+)$`, "gm"))];
  return lines.reduce((sum, [, value]) => sum + Number(value), 0);
}

test("streams that a lost VM had are no longer active once they are over", async ({ mesh, upstream }) => {
  const gate = upstream.hold();
  const open = Array.from({ length: streams }, () => mesh.get("in", "/held"));
  await gate.arrived(streams);
  expect(await activeIn(mesh)).toBe(streams);

  expect(await mesh.get("in", "/free", { headers: { "x-trap": "" } })).toHaveStatus(503);
  gate.release();
  await Promise.all(open);

  // Envoy loads a VM anew for the next request of its worker: connections of their own come to all of them.
  const next = async (): Promise<number> => {
    await Promise.all(
      Array.from({ length: 8 }, () => mesh.get("in", "/free", { headers: { connection: "close" } })),
    );
    return activeIn(mesh);
  };
  await expect.poll(next, { timeout: 10_000, interval: 5 }).toBe(0);
});
