import { startProxy, type LimitOptions, type ProxyOptions, type StartedProxy } from "proxy-wasm-harness";
import { expect, test, vi } from "vitest";
import { guest } from "../guests/guest.ts";
import { lineOf, sourceOf } from "../guests/line-of.ts";

const source = sourceOf("never-ends");
const callbackMs = 100;

type Plugins = ProxyOptions["chain"];

function neverEnds(within: string, way: string): Plugins {
  return [{ filter: guest("never-ends"), configuration: { in: within, way } }];
}

function start(chain: Plugins, limits: LimitOptions = { callbackMs }): Promise<StartedProxy> {
  return startProxy({ chain, limits });
}

/** The message of the trap that a request, or what follows it, is refused with. */
async function trapOf(chain: Plugins, limits?: LimitOptions): Promise<string> {
  await using proxy = await start(chain, limits);
  const refused = await use(proxy).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: "filter_trapped" });
  return (refused as Error).message;
}

/** All that a filter is called for: a request with a body, its end, and time that passes. */
async function use(proxy: StartedProxy): Promise<void> {
  await proxy.post("/", "body");
  await proxy.settled();
  await proxy.clock.advance(20);
}

/** `index.ts:12:`, of the only line that has a text. */
async function placeOf(text: string): Promise<string> {
  return `${source}:${await lineOf("never-ends", text)}:`;
}

test.for([
  ["a loop without a body to speak of", "loop", "while (true) turns++"],
  ["a loop around short ones", "calls", "i < most; i++"],
  ["a recursion that branches", "recursion", "fibonacci(n - 1)"],
  ["a loop of long copies", "copies", "memory.fill("],
  ["a loop of host calls", "host_calls", 'while (true) log.info("again")'],
] as const)("%s is stopped with plugin, callback and line", async ([, way, text]) => {
  const message = await trapOf(neverEnds("request_headers", way));

  const line = await placeOf(text);
  expect(message).toContain(`plugin "never-ends" trapped in proxy_on_request_headers at ${line}`);
  expect(message).toContain("endless loop: proxy_on_request_headers ran for 0.1 s\n");
  expect(message).toMatch(new RegExp(`\\n +\\S.* \\(${source}:\\d+:\\d+\\)$`, "m"));
});

test.for([
  ["request_headers", "proxy_on_request_headers"],
  ["request_body", "proxy_on_request_body"],
  ["log", "proxy_on_log"],
  ["done", "proxy_on_done"],
  ["tick", "proxy_on_tick"],
] as const)("a loop in %s is stopped", async ([within, callback]) => {
  const message = await trapOf(neverEnds(within, "loop"));

  expect(message).toContain(
    `plugin "never-ends" trapped in ${callback} at ${await placeOf("while (true) turns++")}`,
  );
  expect(message).toContain(`endless loop: ${callback} ran for 0.1 s`);
});

test("a loop while a plugin is configured refuses it, with the line", async () => {
  await expect(start(neverEnds("configure", "loop"))).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/trapped in proxy_on_configure at \S+index\.ts:\d+:\d+: endless loop/),
  });
});

test("a module whose start does not end is refused", async () => {
  await expect(start([{ filter: guest("raw/never-starts") }])).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(
      /plugin "never-starts" trapped in _initialize: endless loop: _initialize ran for 0\.1 s/,
    ),
  });
});

test("calls in the place of a return, which use up no stack, are stopped", async () => {
  const message = await trapOf([{ filter: guest("raw/tail-calls") }]);

  expect(message).toMatch(/trapped in proxy_on_request_headers: endless loop.*\n +(ping|pong) /);
});

test.for(["raw/catches-all", "raw/catches-once"])("%s cannot catch its end", async (name) => {
  expect(await trapOf([{ filter: guest(name) }])).toMatch(/endless loop: proxy_on_request_headers ran/);
});

test("a loop that asks for memory is stopped", async () => {
  expect(await trapOf([{ filter: guest("raw/grows-for-ever") }])).toContain("endless loop");
});

test("a recursion without an end is a trap by itself", async () => {
  const message = await trapOf(neverEnds("request_headers", "stack"));

  expect(message).toContain(`at ${await placeOf("return descend(depth + 1)")}`);
  expect(message).toContain("Maximum call stack size exceeded");
});

test("among several filters the one that does not end is named", async () => {
  const chain = [
    { filter: guest("empty") },
    { ...neverEnds("request_body", "sum")[0], filter: guest("never-ends"), name: "honest" },
    { ...neverEnds("request_headers", "loop")[0], filter: guest("never-ends"), name: "guilty" },
  ];

  expect(await trapOf(chain)).toMatch(/plugin "guilty" trapped in proxy_on_request_headers/);
});

test("with the other limits unsaid a callback has 2 s, and is stopped within 3 s of the processor", async () => {
  const before = process.cpuUsage();

  expect(await trapOf(neverEnds("request_headers", "loop"), {})).toContain("ran for 2 s");

  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(3);
});

test("another proxy of the same process is none the worse", async () => {
  await trapOf(neverEnds("request_headers", "loop"));
  await using proxy = await start(neverEnds("request_headers", "loop"));

  const response = await proxy.get("/", { headers: { "x-spared": "" } });

  expect(response.status).toBe(200);
});

test("a callback that reads 40 MiB byte by byte is not stopped", async () => {
  const body = new Uint8Array(40 << 20).fill(1);
  await using proxy = await startProxy({ chain: neverEnds("request_body", "sum") });

  await proxy.post("/", body);
  await proxy.settled();

  expect(proxy.logs[0]?.message).toBe(`sum ${body.length}`);
});

test("short callbacks may take longer than the limit together", async () => {
  await using proxy = await start(neverEnds("request_body", "sum"), { callbackMs: 20 });
  const began = performance.now();

  while (performance.now() - began < 100) await proxy.post("/", new Uint8Array(50_000));
  await proxy.settled();

  expect(proxy.traps).toEqual([]);
});

test("a clock that a test puts in the place of Node's does not keep a loop alive", async () => {
  vi.useFakeTimers({ toFake: ["performance", "Date", "hrtime"] });
  try {
    expect(await trapOf(neverEnds("request_headers", "loop"))).toContain("endless loop");
  } finally {
    vi.useRealTimers();
  }
});

test("a module that cannot be instrumented runs without limits, and a warning says so", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    await using proxy = await start([{ filter: guest("raw/wide-memory") }]);

    expect((await proxy.get("/")).status).toBe(200);
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(
        /wide-memory\.wasm runs without limits on time and memory: a memory of an unknown kind/,
      ),
    );
  } finally {
    warned.mockRestore();
  }
});
