import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { nowhere, playingOnce, step } from "./playing.ts";

const greedy = filterTest(guest("raw/takes-all-memory"));

greedy("8: memory ends at 1 GiB, and a filter that does without more lives on", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(200);
  expect(await proxy.get("/")).toHaveStatus(200);
  await proxy.settled();

  expect(proxy.stats.get("takes_all_memory.pages")).toBe(16_384);
});

const descending = filterTest(
  guest("never-ends"),
  { in: "request_headers", way: "stack" },
  { allowTraps: true },
);

descending("9: a recursion without an end is a trap", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(503);
  expect(await proxy.get("/")).toHaveStatus(503);
  await proxy.settled();

  expect(proxy.traps).toMatchObject([
    { callback: "proxy_on_request_headers", reason: expect.stringContaining("call stack") as unknown },
  ]);
});

const astray = playingOnce([
  step("proxy_log", 2, nowhere),
  step("proxy_get_header_map_value", 0, nowhere),
  step("proxy_add_header_map_value", 0, "x-a", nowhere),
  step("proxy_set_buffer_bytes", 0, 0, 0, nowhere),
  step("proxy_set_shared_data", nowhere, "x", 0),
  step("proxy_http_call", nowhere, [], "", [], 1),
  step("proxy_send_local_response", 200, "", nowhere, [], -1),
]);

astray.test("10: an address outside of the memory is refused, and the VM lives on", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(200);
  expect(await proxy.get("/")).toHaveStatus(200);

  const answers = await astray.said(proxy);
  expect(answers).toHaveLength(7);
  for (const answer of answers) expect(answer).toMatch(/ → InvalidMemoryAccess/);
  expect(proxy.traps).toEqual([]);
});
