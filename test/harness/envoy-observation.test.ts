import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { RunningProxy } from "../../harness/src/backend.ts";
import { outgoingRequest } from "../../harness/src/message.ts";
import { test } from "./envoy-fixture.ts";

const order = (letter: string) => outgoingRequest({ headers: { "x-do": letter } });

async function sendMany(proxy: RunningProxy, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, i) => proxy.send(outgoingRequest({ path: `/${i}` }))));
}

test.for([1, 4])("settled means logged and deleted, with %i workers", async (concurrency, { start }) => {
  const proxy = await start({ guests: ["raw/obeys"], envoy: { concurrency } });

  for (const sent of [20, 40, 60]) {
    await sendMany(proxy, 20);
    const seen = await proxy.settle();
    expect(seen.metrics.get("obeys.deleted")).toBe(BigInt(sent));
    expect(seen.logs.filter(({ message }) => message === "deleted")).toHaveLength(sent);
    expect(seen.accessLog).toHaveLength(sent);
  }
});

test("a settled stream has every line of its last callback, although its client gave up", async ({
  start,
}) => {
  const proxy = await start({ guests: ["raw/obeys"], requestMs: 100 });

  await expect(proxy.send(order("d"))).rejects.toMatchObject({ code: "timeout" });

  expect((await proxy.settle()).logs).toHaveLength(3001);
});

test("a stream whose upstream takes its time is waited for", async ({ start, upstream }) => {
  const arrived = Promise.withResolvers<null>();
  upstream.respond(async () => {
    arrived.resolve(null);
    await delay(300);
    return {};
  });
  const proxy = await start();

  const response = proxy.send(outgoingRequest({}));
  await arrived.promise;

  expect((await proxy.settle()).accessLog).toHaveLength(1);
  await response;
});

test("the access log has method, path, status and details of each stream", async ({ start, upstream }) => {
  upstream.respond({ status: 404 });
  const proxy = await start();

  await proxy.send(outgoingRequest({ method: "DELETE", path: "/a?b=c" }));

  const entry = { method: "DELETE", path: "/a?b=c", status: 404, details: "via_upstream" };
  expect((await proxy.settle()).accessLog).toEqual([entry]);
});

test("a logged text keeps its line breaks, quotes and bytes, with its level and source", async ({
  start,
}) => {
  const proxy = await start({ guests: ["raw/obeys"], names: ["a: b"] });

  await proxy.send(order("w"));

  const message = 'two\nlines: \ufffd \u00e9 "\\" \0.';
  expect((await proxy.settle()).logs).toContainEqual({ level: "warn", source: "a: b root vm-0", message });
});

test("what is below the scenario's log level is not logged", async ({ start }) => {
  const proxy = await start({ guests: ["raw/obeys"], logLevel: "error" });

  await proxy.send(order("w"));

  expect((await proxy.settle()).logs).toEqual([]);
});

test("at level trace the transcript has callbacks and host calls in order", async ({ start, upstream }) => {
  upstream.respond({});
  const proxy = await start({ guests: ["raw/obeys"], logLevel: "trace" });
  const before = (await proxy.settle()).transcript.calls;

  await proxy.send(order("w"));

  const calls = (await proxy.settle()).transcript.since(before);
  expect(calls.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "callback proxy_on_request_headers",
    "host_call proxy_get_header_map_value",
    "host_call proxy_log",
    "callback proxy_on_response_headers",
    "callback proxy_on_log",
    "callback proxy_on_delete",
    "host_call proxy_increment_metric",
    "host_call proxy_log",
  ]);
});

test.for([
  ["proxy_on_request_headers", "h", "on_request_headers"],
  ["proxy_on_response_headers", "r", "on_response_headers"],
] as const)(
  "a trap in %s is known as soon as its response is",
  async ([callback, letter, frame], { start }) => {
    const proxy = await start({ guests: ["raw/passes", "raw/obeys"], names: ["sound", "faulty"] });

    const response = await proxy.send(order(letter));

    expect(response.status).toBe(503);
    const [trap] = await proxy.traps();
    expect(trap).toMatchObject({ plugin: "faulty", callback, reason: "unreachable", location: null });
    expect(trap?.backtrace.map((line) => line.split(" ")[0])).toEqual(["explode", "explode_on", frame]);
  },
);

test.for([
  ["at its line", "unreachable", /^test\/guests\/traps\/index\.ts:\d+:\d+$/],
  [
    "near an address that is not mapped",
    "abort",
    /^test\/guests\/traps\/index\.ts:\d+:\d+ \(nearest line\)$/,
  ],
] as const)("a trap in a filter with a source map is located %s", async ([, how, location], { start }) => {
  const configuration = JSON.stringify({ in: "request_headers", how });
  const proxy = await start({ guests: ["traps"], configuration });

  await proxy.send(outgoingRequest({}));

  const [trap] = await proxy.traps();
  expect(trap?.location).toMatch(location);
  expect(trap?.backtrace.at(-1)).toMatch(/^proxy_on_request_headers \(/);
});

test("a trap behind a flood of log lines is known as soon as its response is", async ({ start }) => {
  const proxy = await start({ guests: ["raw/obeys"] });

  await proxy.send(order("f"));

  expect(await proxy.traps()).toMatchObject([{ callback: "proxy_on_request_headers" }]);
});

test("a trap that cuts the response is known when the request is refused", async ({ start, upstream }) => {
  upstream.respond({ body: "x".repeat(100) });
  const proxy = await start({ guests: ["raw/obeys"] });

  await expect(proxy.send(order("b"))).rejects.toThrow();

  expect(await proxy.traps()).toMatchObject([{ callback: "proxy_on_response_body" }]);
});

test("a trap after the response is known when the stream is settled", async ({ start }) => {
  const proxy = await start({ guests: ["raw/obeys"] });

  expect((await proxy.send(order("l"))).status).toBe(200);

  expect((await proxy.settle()).traps).toMatchObject([{ plugin: "plugin-0", callback: "proxy_on_log" }]);
});
