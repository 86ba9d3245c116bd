import { filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("header-authz", '{\n  "rulez": []\n}');

test("a request is answered", async ({ proxy }) => {
  await proxy.get("/");
});
