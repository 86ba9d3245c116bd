import { filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest(
  "header-authz",
  { rules: [{ allow: { header: "x-role", present: true } }] },
  { needs: ["envoy>=1.99"] },
);

test("a request is answered by an Envoy that is still to come", async ({ proxy }) => {
  await proxy.get("/");
});
