import { expect, filterTest } from "proxy-wasm-harness/vitest";

const endless = { in: "request_headers", way: "loop" };
const test = filterTest("../../../build/guests/never-ends.wasm", endless, { needs: ["limits"] });

test("a request is answered", { timeout: 20_000 }, async ({ proxy }) => {
  const response = await proxy.get("/");

  expect(response).toHaveStatus(200);
});

test("the next test runs", async ({ proxy }) => {
  const response = await proxy.get("/", { headers: { "x-spared": "" } });

  expect(response).toHaveStatus(200);
});
