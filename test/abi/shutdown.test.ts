import type { PluginOptions, StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isVirtual = inject("proxyWasmBackend") === "embedded";
const filter = guest("ends-later");
const plugin = (name: string, afterMs = 0): PluginOptions => ({
  filter,
  vmId: "kept",
  configuration: { name, after_ms: afterMs },
});
const test = chainTest([plugin("old")]);
const later = chainTest([plugin("old", 20)]);

/** What plugins logged, each line once: a real Envoy has each plugin on its main thread and on its workers. */
function said(proxy: StartedProxy): string[] {
  return [...new Set(proxy.logs.map(({ message }) => message))];
}

/** The callbacks of plugins at their end, each once. */
function endings(proxy: StartedProxy): string[] {
  const names = proxy.transcript.filter(({ kind }) => kind === "callback").map(({ name }) => name);
  return [...new Set(names.filter((name) => /_(log|done|delete)$/.test(name)))];
}

/** Waits until a line was logged so often. */
async function says(proxy: StartedProxy, line: string, times: number): Promise<void> {
  const read = async (): Promise<number> => {
    await proxy.settled();
    return proxy.logs.filter(({ message }) => message === line).length;
  };
  await expect.poll(read, { interval: 5 }).toBe(times);
  await proxy.settled(); // what the same callback led to is there, too
}

test("a plugin is told to end when the proxy stops, and deleted", async ({ proxy }) => {
  await proxy.stop();

  expect(said(proxy)).toEqual(["old is to end"]);
  expect(endings(proxy)).toEqual(["proxy_on_done", "proxy_on_delete"]);
});

test("a plugin is told to end when its configuration is replaced", async ({ proxy, upstream }) => {
  await proxy.get("/");
  await proxy.update({ chain: [plugin("new")] });
  await proxy.get("/");
  await proxy.settled();

  expect(upstream.requests.map(({ headers }) => headers.get("x-name"))).toEqual(["old", "new"]);
  expect(said(proxy)).toEqual(["a stream of old ends", "old is to end", "a stream of new ends"]);
});

later("a plugin that puts its end off has its timers until it is done", async ({ proxy }) => {
  await proxy.update({ chain: [plugin("new")] });
  if (isVirtual) await proxy.clock.advance(20);
  await says(proxy, "old ends once", isVirtual ? 1 : 2);

  expect(said(proxy)).toEqual([
    "old is to end",
    "old has ended",
    "done() was refused in onTime of a timer: the plugin is not to end, or has ended already: call it once, after Shutdown.Later",
    "old ends once",
  ]);
  expect(endings(proxy)).toEqual(["proxy_on_done", "proxy_on_delete"]);
});

later("a plugin that puts its end off goes with its VM", async ({ proxy }) => {
  await proxy.update({ chain: [] });
  if (isVirtual) await proxy.clock.advance(20);
  await proxy.stop();

  expect(said(proxy)).toEqual(["old is to end"]);
  expect(endings(proxy)).toEqual(["proxy_on_done"]);
});

chainTest([plugin("stays"), { ...plugin("goes", 20), name: "goes", vmConfiguration: "its own" }], {
  needs: ["virtual-clock"],
})("plugins of one vm_id and different VM configurations share no VM", async ({ proxy }) => {
  await proxy.update({ chain: [plugin("stays")] });
  await proxy.clock.advance(20);
  await proxy.settled();

  expect(said(proxy)).toEqual(["goes is to end"]); // the other one is as it was
});

const onTwoWorkers = chainTest([plugin("old", 20)], { envoy: { concurrency: 2 } });

onTwoWorkers("a plugin ends on every worker", async ({ proxy, upstream }) => {
  await proxy.update({ chain: [plugin("new")] });
  await proxy.get("/");
  await proxy.get("/");
  if (isVirtual) await proxy.clock.advance(20);
  await says(proxy, "old ends once", 3);
  await proxy.stop();

  expect(upstream.requests.map(({ headers }) => headers.get("x-name"))).toEqual(["new", "new"]);
  const count = (name: string): number => proxy.transcript.filter((entry) => entry.name === name).length;
  expect(count("proxy_on_delete") - upstream.requests.length).toBe(6);
});

later("the end of the proxy waits for no plugin", async ({ proxy }) => {
  await proxy.stop();

  expect(said(proxy)).toEqual(["old is to end"]);
  expect(endings(proxy)).toEqual(["proxy_on_done"]);
});

test("a plugin that is not to end cannot be done", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-done": "" } });
  await proxy.get("/");
  await proxy.settled();

  expect(said(proxy)).toEqual([
    "done() was refused in onRequestHeaders: the plugin is not to end, or has ended already: call it once, after Shutdown.Later",
    "old was not to end",
    "old ends once",
    "a stream of old ends",
  ]);
});

test("a configuration that is refused changes nothing", async ({ proxy, upstream }) => {
  const refused = proxy.update({ chain: [{ ...plugin("new"), configuration: { names: "new" } }] });
  await expect(refused).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/plugin "ends-later" refused its configuration: .*name/),
  });
  await proxy.get("/");

  expect(upstream.requests[0]?.headers.get("x-name")).toBe("old");
  await proxy.update({ chain: [plugin("new")] });
  await proxy.get("/");
  expect(upstream.requests[1]?.headers.get("x-name")).toBe("new");
});

const all = guest("filters-and-logs");
const order = chainTest([plugin("one"), { ...plugin("two"), name: "two", vmId: "other" }], {
  accessLoggers: [{ filter: all, rootId: "logger" }],
  services: [{ filter: all, rootId: "logger", name: "service", vmId: "service" }],
});

order("plugins end in the reverse of their order, access loggers after filters", async ({ proxy }) => {
  await proxy.stop();

  const sources = proxy.logs.map(({ source, message }) => `${source}: ${message}`);
  expect([...new Set(sources)]).toEqual([
    "two other: two is to end",
    "ends-later kept: one is to end",
    "logger: the logger ends",
    "logger service: the logger ends",
  ]);
});

order("what was seen before the end can be read after it", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(200);
  await proxy.stop();
  await proxy.stop();
  await proxy.settled();

  expect(proxy.accessLog).toHaveLength(1);
  expect(proxy.stats.names().some((name) => name.startsWith("proxy_wasm.build_info"))).toBe(true);
});
