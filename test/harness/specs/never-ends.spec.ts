import { filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("header-authz", { rules: [{ allow: { header: "x-role", present: true } }] });

test("an upstream that never answers", async ({ proxy, upstream }) => {
  upstream.respond(() => new Promise(() => undefined));

  await proxy.get("/", { headers: { "x-role": "x" } });
});
