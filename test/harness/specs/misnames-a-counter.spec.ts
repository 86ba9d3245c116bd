import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("header-authz", { rules: [{ allow: { header: "x-role", present: true } }] });

test("a request is denied", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("header_authz.deny", 1);
});
