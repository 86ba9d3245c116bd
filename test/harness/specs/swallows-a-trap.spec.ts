import { filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("../../../build/guests/traps.wasm", { in: "request_headers", how: "unreachable" });

test("a request does not matter", async ({ proxy }) => {
  await proxy.get("/").catch(() => null);
});
