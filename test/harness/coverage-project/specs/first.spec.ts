import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { sum } from "../src/sum.ts";

const test = filterTest("counted");

test("a long word is refused, and a short one is not", async ({ proxy }) => {
  expect(await proxy.get("/", { headers: { "x-word": "sesame" } })).toHaveStatus(413);
  expect(await proxy.get("/", { headers: { "x-word": "abc" } })).toHaveStatus(200);
});

test("nothing is required", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(sum(100, 100));
});
