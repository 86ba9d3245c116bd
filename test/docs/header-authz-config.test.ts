import { startBootstrap, Upstream } from "proxy-wasm-harness";
import { expect } from "vitest";
import { test } from "../harness/envoy-fixture.ts";

const file = new URL("../../envoy-configs/header-authz.yaml", import.meta.url).pathname;

test("a real Envoy runs the example, whose filter decides", async ({ envoy }) => {
  void envoy; // asked for, so that without one the test is skipped
  const service = new Upstream();
  await using proxy = await startBootstrap(file, {
    modules: { "header-authz": "header-authz" },
    clusters: { service },
  });

  const allowed = await proxy.get("http", "/", { headers: { "x-role": "admin" } });
  const refused = await proxy.get("http", "/", { headers: { "x-role": "user" } });
  await proxy.settled();

  expect([allowed.status, refused.status]).toEqual([200, 403]);
  expect(service.requests).toHaveLength(1);
});
