import { expect, filterTest } from "proxy-wasm-harness/vitest";

const starved = filterTest(
  "header-authz",
  { rules: [{ allow: { header: "x-role", exact: "admin" } }] },
  { allocatorFaults: [{ nth: 2 }], needs: ["allocator-faults"] }, // the first is for the configuration
);

starved("a request whose headers cannot be read is refused", async ({ proxy, upstream }) => {
  const response = await proxy.get("/", { headers: { "x-role": "admin" } });
  await proxy.settled();

  expect(response).toHaveStatus(401);
  expect(upstream.requests).toEqual([]);
  expect(proxy.logs).toHaveLogged("error", "InvalidMemoryAccess");
});

starved("the next request is judged by its headers again", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-role": "admin" } });

  const response = await proxy.get("/", { headers: { "x-role": "admin" } });

  expect(response).toHaveStatus(200);
});
