import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const BLOCK = 64;

filterTest(guest("draws-bytes"))("random bytes beyond 64 KiB are random, too", async ({ proxy }) => {
  const { body } = await proxy.get("/", { headers: { "x-kib": "x".repeat(130) } });

  expect(body).toHaveLength(130 * 1024);
  for (let at = 0; at < body.length; at += BLOCK)
    expect(new Set(body.subarray(at, at + BLOCK)).size, `${at}`).toBeGreaterThan(16);
});
