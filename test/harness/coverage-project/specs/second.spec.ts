import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("counted");

test("five letters are enough", async ({ proxy }) => {
  expect(await proxy.get("/", { headers: { "x-word": "abcde" } })).toHaveStatus(200);
  expect(await proxy.get("/", { headers: { "x-word": "abcdefg" } })).toHaveStatus(413);
});
