import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const trapping = filterTest(guest("raw/malloc-traps"), undefined, { allowTraps: true });
const endless = filterTest(guest("raw/malloc-never-ends"), undefined, {
  ...{ allowTraps: true, limits: { callbackMs: 100 } },
  needs: ["limits"],
});

trapping("a trap in the allocator fails the host call, and the callback goes on", async ({ proxy }) => {
  await Promise.allSettled([proxy.get("/")]);
  await proxy.settled();

  expect(proxy.logs.map(({ message }) => message)).toEqual(["6"]);
  expect(proxy.traps).toMatchObject([{ plugin: "malloc-traps", callback: "malloc", reason: "unreachable" }]);
  expect(proxy.traps[0]?.backtrace).toEqual([expect.any(String), expect.not.stringMatching(/^malloc/)]);
  expect(proxy.accessLog).toMatchObject([{ status: 503, details: "wasm_fail_stream" }]);
});

endless("an allocator that does not end is stopped once, with the callback that it is", async ({ proxy }) => {
  await Promise.allSettled([proxy.get("/")]);
  await proxy.settled();

  expect(proxy.traps).toMatchObject([
    { plugin: "malloc-never-ends", callback: "malloc", reason: "endless loop: malloc ran for 0.1 s" },
  ]);
});
