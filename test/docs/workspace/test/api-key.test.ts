import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("api-key", { key: "secret" });

test("a wrong key is refused", async ({ proxy, upstream }) => {
  const response = await proxy.get("/", { headers: { "x-api-key": "guess" } });
  await proxy.settled(); // every stream is logged and deleted: what follows cannot race

  expect(response).toHaveStatus(403);
  expect(upstream.requests).toHaveLength(0);
  expect(proxy.accessLog).toMatchObject([{ details: "unknown_api_key" }]);
});

test("the right key reaches the upstream", async ({ proxy, upstream }) => {
  await proxy.get("/", { headers: { "x-api-key": "secret" } });

  expect(upstream.requests).toHaveLength(1);
});
