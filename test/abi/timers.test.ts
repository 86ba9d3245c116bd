import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const test = filterTest(guest("timers"), {});
const isVirtual = inject("proxyWasmBackend") === "embedded";

/** Lets time pass where it is virtual, and waits where it is real until a counter has come so far. */
async function passes(proxy: StartedProxy, ms: number, counter: string, atLeast: number): Promise<void> {
  if (isVirtual) await proxy.clock.advance(ms);
  const read = async (): Promise<number> => {
    await proxy.settled();
    return proxy.stats.get(counter) ?? 0;
  };
  await expect.poll(read, { interval: 5 }).toBeGreaterThanOrEqual(atLeast);
  await proxy.settled(); // the tick that counted is over, too
}

test("a timer happens once, and then the tick is stopped", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-after": "30" } });
  await passes(proxy, 30, "timers.once", 1);
  await proxy.get("/", { headers: { "x-thrice": "10" } });
  await passes(proxy, 1000, "timers.repeated", 3);

  expect(proxy.stats).toHaveCounter("timers.once", 1);
  const calls = proxy.transcript.map(({ name }) => name).filter((name) => /tick/.test(name));
  expect(calls.slice(-2)).toEqual(["proxy_on_tick", "proxy_set_tick_period_milliseconds"]);
});

test("a timer that repeats happens again until it is cancelled", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-every": "10" } });
  await passes(proxy, 50, "timers.repeated", 5);
  await proxy.get("/", { headers: { "x-cancel": "" } });
  await proxy.settled();
  const before = proxy.stats.get("timers.repeated") ?? 0;
  await proxy.get("/", { headers: { "x-after": "60" } });
  await passes(proxy, 60, "timers.once", 1);

  expect(proxy.stats.get("timers.repeated")).toBe(before);
});

test("several timers share one tick, each at its time", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-after": "35", "x-every": "10" } });
  await passes(proxy, 34, "timers.repeated", 3);
  await passes(proxy, 1, "timers.once", 1);

  expect(proxy.stats).toHaveCounter("timers.once", 1);
  const repeated = proxy.stats.get("timers.repeated") ?? 0;
  expect(isVirtual ? repeated === 3 : repeated >= 3).toBe(true);
});

test("a timer may cancel itself", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-thrice": "10" } });
  await passes(proxy, 30, "timers.repeated", 3);
  await proxy.get("/", { headers: { "x-after": "50" } });
  await passes(proxy, 50, "timers.once", 1);

  expect(proxy.stats).toHaveCounter("timers.repeated", 3);
});

filterTest(guest("timers"), { every_ms: 10 })(
  "a timer that is set when the plugin is configured needs no request",
  async ({ proxy }) => passes(proxy, 20, "timers.configured", 2),
);

filterTest(
  guest("timers"),
  {},
  { needs: ["virtual-clock"] },
)("a timer does not come before its time", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-after": "30" } });
  await proxy.clock.advance(29.999);
  await proxy.settled();
  expect(proxy.stats).toHaveCounter("timers.once", 0);
  await proxy.clock.advance(0.001);
  await proxy.settled();
  expect(proxy.stats).toHaveCounter("timers.once", 1);
});

if (!isVirtual) {
  test("the time of a real Envoy cannot be moved", async ({ proxy }) => {
    await expect(proxy.clock.advance(1)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/time is real in Envoy/),
    });
    expect(() => proxy.clock.freeze()).toThrow(/time is real in Envoy/);
  });
}
