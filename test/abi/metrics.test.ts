import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const test = filterTest(guest("echo-headers"), {});

test("a counter is there with 0 before anything is counted", async ({ proxy }) => {
  expect(proxy.stats).toHaveCounter("echo_headers.requests", 0);
});

test("a counter counts each request once, over all streams", async ({ proxy }) => {
  await Promise.all(Array.from({ length: 25 }, () => proxy.get("/")));
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("echo_headers.requests", 25);
});
