import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("../../../build/guests/traps.wasm", { in: "log", how: "unreachable" });

test("a request is answered", async ({ proxy }) => {
  const response = await proxy.get("/");

  expect(response).toHaveStatus(200);
});
