import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const test = filterTest(guest("echo-headers"), { time: true });

test("the current time is in nanoseconds since the epoch, UTC, between the test's own", async ({
  proxy,
  upstream,
}) => {
  const before = BigInt(Date.now() - 1) * 1_000_000n;
  await proxy.get("/");
  const after = BigInt(Date.now() + 1) * 1_000_000n;

  const seen = BigInt(upstream.requests[0]?.headers.get("x-time-nanos") ?? "0");
  expect(seen >= before && seen <= after, `${before} <= ${seen} <= ${after}`).toBe(true);
});
