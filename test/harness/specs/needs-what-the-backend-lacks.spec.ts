import { filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest(
  "header-authz",
  { rules: [{ allow: { header: "x-role", present: true } }] },
  { needs: ["tls"] },
);

test("a request over TLS is answered", async ({ proxy }) => {
  await proxy.get("/");
});
