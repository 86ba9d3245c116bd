import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("header-authz", { rules: [{ allow: { header: "x-role", present: true } }] });

test("Envoy has four workers", async ({ proxy }) => {
  expect(await proxy.admin.get("/stats?filter=^server.concurrency$")).toBe("server.concurrency: 4\n");
});
