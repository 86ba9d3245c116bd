import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("header-authz", { rules: [{ allow: { header: "x-role", present: true } }] });

test("nothing was denied", async ({ proxy }) => {
  await proxy.get("/");

  expect(proxy.stats).toHaveCounter("header_authz.denied", 0);
});
