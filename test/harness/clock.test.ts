import { startProxy, Upstream, type StartedProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

const delaying = { in: "request_headers", do: ["resume_request"], pause: true, by: "timer", after_ms: 50 };

function startDelaying(upstream = new Upstream(), configuration = delaying): Promise<StartedProxy> {
  return startProxy({ upstream, chain: [{ filter: guest("steers"), configuration }] });
}

function startForgetting(service: Upstream): Promise<StartedProxy> {
  return startProxy({ clusters: { service }, chain: [{ filter: guest("forgets") }] });
}

const boom = (): never => {
  throw new Error("boom");
};

test("what an upstream's handler throws refuses the request, though its timer is still to come", async () => {
  const upstream = new Upstream();
  upstream.respond(boom);
  await using proxy = await startProxy({
    upstream,
    chain: [{ filter: guest("steers"), configuration: { ...delaying, in: "response_headers" } }],
  });

  await expect(proxy.get("/")).rejects.toThrow("boom");
});

test("what a service's handler throws when no stream waits any more refuses `settled`", async () => {
  const service = new Upstream();
  service.respond(async () => {
    await new Promise(setImmediate);
    return boom();
  });
  await using proxy = await startForgetting(service);
  await proxy.get("/");

  await expect(proxy.settled()).rejects.toThrow("boom");
  await proxy.settled();
});

test("the clock does not jump while a handler is at work", async () => {
  const [service, upstream] = [new Upstream(), new Upstream()];
  service.respond(async () => {
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    return { body: "first" };
  });
  const chain = [
    { filter: guest("calls-out"), configuration: { cluster: "service" } },
    { filter: guest("steers"), configuration: delaying },
  ];
  await using proxy = await startProxy({ upstream, clusters: { service }, chain });

  const [, other] = await Promise.all([proxy.get("/"), proxy.get("/")]);
  expect(other.status).toBe(200);
  expect(upstream.requests).toHaveLength(2);
});

test("two moves of the clock at once are made one after the other", async () => {
  const upstream = new Upstream();
  await using proxy = await startDelaying(upstream);
  const response = proxy.get("/");
  const counts: number[] = [];
  const move = async (): Promise<void> => {
    await proxy.clock.advance(30);
    counts.push(upstream.requests.length);
  };
  await Promise.all([move(), move()]);

  expect(counts).toEqual([0, 1]);
  expect((await response).status).toBe(200);
});

test("a request that a frozen clock holds is not waited for in real time when the proxy is stopped", async () => {
  const proxy = await startDelaying();
  proxy.clock.freeze();
  const response = proxy.get("/");
  await proxy[Symbol.asyncDispose]();

  expect((await response).status).toBe(200);
});

test("the time that a filter sees passes by what it waits for, and by nothing else", async () => {
  await using proxy = await startDelaying(new Upstream(), { ...delaying, after_ms: 10_000 });

  for (let i = 0; i < 200; i++) expect((await proxy.get("/")).status).toBe(200); // half an hour by the clock
});

test("the wall clock is set either way, and what is due by the other one does not notice", async () => {
  const upstream = new Upstream();
  await using proxy = await startProxy({
    upstream,
    chain: [{ filter: guest("echo-headers"), configuration: { time: true } }],
  });
  proxy.clock.freeze();
  const seen = async (): Promise<bigint> => {
    await proxy.get("/");
    return BigInt(upstream.requests.at(-1)?.headers.get("x-time-nanos") ?? "0");
  };
  const before = await seen();
  proxy.clock.shiftWallClock(-1_500);

  expect((await seen()) - before).toBe(-1_500_000_000n);
  await proxy.clock.advance(1_000);
  expect((await seen()) - before).toBe(-500_000_000n);
});
