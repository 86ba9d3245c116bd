import type { StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const filter = guest("shared-data");
const test = filterTest(filter);

/** Lets the filter do one thing with a key, and returns the lines that it logged for it. */
async function act(proxy: StartedProxy, what: string, key: string, value = ""): Promise<string[]> {
  const before = proxy.logs.length;
  await proxy.get("/", { headers: { "x-do": what, "x-key": key, "x-value": value } });
  await proxy.settled();
  return proxy.logs.slice(before).map(({ message }) => message);
}

test("a value is absent, then what was stored last", async ({ proxy }) => {
  expect(await act(proxy, "get", "a")).toEqual(["absent"]);
  expect(await act(proxy, "set", "a", "1")).toEqual(["true"]);
  expect(await act(proxy, "set", "a", "2")).toEqual(["true"]);
  expect(await act(proxy, "get", "a")).toEqual(["<2>"]);
  expect(await act(proxy, "get", "b")).toEqual(["absent"]);
});

test("an empty value is one, and not absent", async ({ proxy }) => {
  await act(proxy, "set", "a", "");

  expect(await act(proxy, "get", "a")).toEqual(["<>"]);
});

test("a value that somebody else has replaced is not replaced again", async ({ proxy }) => {
  await act(proxy, "set", "a", "1");

  expect(await act(proxy, "race", "a", "2")).toEqual(["stored", "lost"]);
});

test("a value that somebody else has created is not created again", async ({ proxy }) => {
  expect(await act(proxy, "race", "a", "1")).toEqual(["stored", "lost"]);
  expect(await act(proxy, "create", "a", "2")).toEqual(["lost"]);
  expect(await act(proxy, "get", "a")).toEqual(["<1>"]);
});

test("an update that changes nothing stores nothing", async ({ proxy }) => {
  expect(await act(proxy, "leave", "a")).toEqual(["unchanged"]);
  expect(await act(proxy, "get", "a")).toEqual(["absent"]);
});

const twoPlugins = chainTest([
  { filter, name: "one" },
  { filter, name: "two" },
]);

twoPlugins("two plugins of one filter and vm_id do not see each other's values", async ({ proxy }) => {
  await act(proxy, "create", "a", "1");
  expect(await act(proxy, "create", "a", "2")).toEqual(["lost", "lost"]);

  expect(proxy.logs.slice(0, 2).map(({ message, source }) => `${source}: ${message}`)).toEqual([
    ...["one one: stored", "two two: stored"],
  ]);
});

const twoRoots = chainTest([
  { filter, name: "one", rootId: "first" },
  { filter, name: "one", rootId: "second" },
]);

twoRoots("two root_ids of one plugin do not see each other's values", async ({ proxy }) => {
  expect(await act(proxy, "create", "a", "1")).toEqual(["stored", "stored"]);
});

const parallel = filterTest(filter, undefined, { envoy: { concurrency: 4 }, logLevel: "info" });

parallel("no update is lost over four workers, the first of each key included", async ({ proxy }) => {
  const keys = 4000; // each stream takes longer than the others take to begin, so that they meet at the first writes
  const streams = 12;
  const headers = { "x-do": "increment", "x-key": "k", "x-value": String(keys) };
  await Promise.all(Array.from({ length: streams }, () => proxy.get("/", { headers })));
  await proxy.settled();

  expect(proxy.logs).toEqual([]);
  for (let i = 0; i < keys; i += 97) expect(await act(proxy, "get", `k${i}`)).toEqual([`<${streams}>`]);
});
