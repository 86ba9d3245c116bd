import { startProxy, Upstream, type BackendName, type StartedProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { inject, test } from "vitest";
import { guest } from "../guests/guest.ts";

const backend = inject("proxyWasmBackend") as BackendName;
const isVirtual = backend === "embedded";

interface Started extends AsyncDisposable {
  readonly proxy: StartedProxy;
  readonly upstream: Upstream;
}

/** Starts a proxy whose plugin keeps a key; the service is there before the plugin is configured. */
async function start(service: Upstream, configuration: object = {}): Promise<Started> {
  const upstream = new Upstream();
  const chain = [{ filter: guest("fetches"), configuration }];
  const proxy = await startProxy({ backend, upstream, clusters: { service }, chain });
  return { proxy, upstream, [Symbol.asyncDispose]: () => Promise.resolve(proxy[Symbol.asyncDispose]()) };
}

/** A service that answers with a key, another one each time that it was changed. */
function keyed(key: string, reaction: object = {}): Upstream {
  const service = new Upstream();
  service.respond({ body: key, ...reaction });
  return service;
}

/** Sends requests until one has this key. */
async function expectKey({ proxy, upstream }: Started, key: string): Promise<void> {
  const next = async (): Promise<string | null | undefined> => {
    await proxy.get("/");
    await proxy.settled();
    return upstream.requests.at(-1)?.headers.get("x-key");
  };
  await expect.poll(next, { interval: 5 }).toBe(key);
}

test("a callout made when the plugin is configured has its answer before or after the first request", async () => {
  await using started = await start(keyed("one"));

  await expectKey(started, "one");
});

test("a callout of the plugin that nobody answers is told apart", async () => {
  await using started = await start(keyed("one", { fault: "refuse" }));
  const { proxy } = started;

  await expect.poll(async () => (await proxy.settled(), proxy.startLogs.concat(proxy.logs))).toSatisfy(
    (logs: StartedProxy["logs"]) => logs.some(({ message }) => message === "outcome 1"),
  ); // prettier-ignore
});

test("a callout of the plugin that cannot be sent has its result at once", async () => {
  await using started = await start(keyed("one"), { cluster: "nowhere" });
  const { proxy } = started;

  expect(proxy.startLogs.map(({ message }) => message)).toContain("outcome 4");
});

test("a callout of the plugin that cannot be sent in a stream's callback has its result in the plugin", async () => {
  await using started = await start(keyed("one"), { cluster: "nowhere" });
  const { proxy } = started;
  await proxy.get("/", { headers: { "x-fetch": "stream" } });
  await proxy.settled();

  const results = proxy.logs.filter(({ message }) => message === "outcome 4");
  expect(results.map(({ source }) => source)).toEqual(["fetches"]); // not "fetches fetches", which a stream's is
});

test("a timer of the plugin calls again and again", async () => {
  const service = keyed("one");
  await using started = await start(service, { refresh_ms: 20 });
  await expectKey(started, "one");
  service.respond({ body: "two" });
  if (isVirtual) await started.proxy.clock.advance(20);

  await expectKey(started, "two");
});

for (const by of ["stream", "queue"]) {
  test(`a callout of the plugin made by a ${by} outlives the stream, and ends in the plugin`, async () => {
    const service = keyed("one");
    await using started = await start(service);
    await expectKey(started, "one");
    service.respond({ body: "two", delayMs: 20 });
    const { proxy } = started;
    const before = service.requests.length;
    await proxy.get("/", { headers: { "x-fetch": by } });
    await expect.poll(async () => (await proxy.settled(), service.requests.length)).toBe(before + 1);

    await expectKey(started, "two");
    const answers = proxy.logs.filter(({ message }) => message === "outcome 0");
    expect(answers.map(({ source }) => source)).toContain("fetches"); // not "fetches fetches", which a stream's is
  });
}

test("one object serves one callout of the plugin at a time", async () => {
  const service = keyed("one");
  await using started = await start(service);
  await expectKey(started, "one");
  const { proxy } = started;
  await proxy.get("/", { headers: { "x-fetch": "twice" } });
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("error", "the answer to this object's last one is still awaited");
});
