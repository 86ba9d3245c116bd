import type { BackendName } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";

const configuration = { rules: [{ allow: { header: "x-role", exact: "admin" } }] };
const isEmbedded = (inject("proxyWasmBackend") as BackendName) === "embedded";

const failing = filterTest("header-authz", configuration, { needs: ["faults"] });

failing("a request whose headers cannot be read is refused", async ({ proxy, upstream }) => {
  proxy.faults.hostCall("proxy_get_header_map_pairs", { status: "InternalFailure", nth: 2 });
  const admin = { headers: { "x-role": "admin" } };

  expect(await proxy.get("/", admin)).toHaveStatus(200);
  expect(await proxy.get("/", admin)).toHaveStatus(401);
  await proxy.settled();

  expect(upstream.requests).toHaveLength(1);
  expect(proxy.logs).toHaveLogged("error", "proxy_get_header_map_pairs was refused by the host");
  expect(proxy.faults.unmet).toEqual([]);
});

const starting = filterTest("header-authz", configuration, {
  startFaults: (faults) => faults.hostCall("proxy_define_metric", { status: "InternalFailure", nth: 1 }),
  needs: ["faults"],
});

starting("what fails while a plugin starts has failed before the test begins", ({ proxy }) => {
  expect(proxy.startLogs).toHaveLogged("error", "proxy_define_metric was refused by the host");
  expect(proxy.faults.unmet).toEqual([]);
});

const anywhere = filterTest("header-authz", configuration);

anywhere("a real Envoy cannot be told what to answer to filters", ({ proxy, skip }) => {
  if (isEmbedded) skip("the embedded backend can");
  expect(() => proxy.faults).toThrow(
    expect.objectContaining({
      code: "unsupported",
      message: expect.stringContaining('needs: ["faults"]') as unknown,
    }),
  );
});
