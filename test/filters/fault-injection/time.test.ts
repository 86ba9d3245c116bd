import type { StartedProxy, Upstream } from "proxy-wasm-harness";
import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { doing, type FaultInjection } from "./scenarios.ts";

/** A test in which time is virtual, and moves when the test says so. */
const timed = (configuration: FaultInjection): FilterTest =>
  filterTest("fault-injection", configuration, { needs: ["virtual-clock"] });

/** How many milliseconds pass until a request is over, up to a limit. */
async function durationOf(proxy: StartedProxy, limitMs: number, headers = {}): Promise<number> {
  let isOver = false;
  const response = proxy.get("/", { headers }).then(() => (isOver = true));
  let ms = 0;
  await proxy.clock.advance(0);
  for (; !isOver && ms < limitMs; ms++) await proxy.clock.advance(1);
  expect(isOver).toBe(true);
  await response;
  return ms;
}

async function durations(proxy: StartedProxy, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push(await durationOf(proxy, 1_000));
  return all;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a delay", () => {
  timed(doing({ delay: { fixed_ms: 250 } }))(
    "holds the request for as long as it says",
    async ({ proxy, upstream }) => {
      const response = proxy.get("/");
      await proxy.clock.advance(249);
      expect(upstream.requests).toEqual([]);
      await proxy.clock.advance(1);

      expect(upstream.requests).toHaveLength(1);
      expect(await response).toHaveStatus(200);
    },
  );

  timed(doing({ delay: { fixed_ms: 250 } }))("holds each request for itself", async ({ proxy, upstream }) => {
    const first = proxy.get("/");
    await proxy.clock.advance(100);
    const second = proxy.get("/");
    await proxy.clock.advance(150);
    expect(upstream.requests).toHaveLength(1);
    await proxy.clock.advance(99);
    expect(upstream.requests).toHaveLength(1);
    await proxy.clock.advance(1);

    expect(upstream.requests).toHaveLength(2);
    await Promise.all([first, second]);
  });

  timed({ header_control: { delay: { max_ms: 20 } } })(
    "that a request asks for is held to the longest",
    async ({ proxy }) => {
      expect(await durationOf(proxy, 100, { "x-envoy-fault-delay-request": "15" })).toBe(15);
      expect(await durationOf(proxy, 100, { "x-envoy-fault-delay-request": "3600000" })).toBe(20);
    },
  );
});

describe("400 delays of one seed", () => {
  const seed = 7;

  timed(doing({ delay: { uniform: { from_ms: 10, to_ms: 20 } } }, { seed }))(
    "are uniform from the first to the last",
    async ({ proxy }) => {
      const all = await durations(proxy, 400);

      expect(new Set(all)).toEqual(new Set([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]));
      expect(Math.abs(mean(all) - 15)).toBeLessThan(0.8); // 5 standard errors
    },
  );

  timed(doing({ delay: { exponential: { mean_ms: 20, max_ms: 60 } } }, { seed }))(
    "are exponential up to the longest",
    async ({ proxy }) => {
      const all = await durations(proxy, 400);
      const shareUpTo = (ms: number): number => all.filter((each) => each <= ms).length / all.length;

      expect(Math.max(...all)).toBe(60);
      expect(Math.abs(shareUpTo(20) - (1 - Math.exp(-20.5 / 20)))).toBeLessThan(0.12);
      expect(Math.abs(shareUpTo(5) - (1 - Math.exp(-5.5 / 20)))).toBeLessThan(0.12);
    },
  );

  timed(doing({ delay: { normal: { mean_ms: 50, stddev_ms: 10, max_ms: 75 } } }, { seed }))(
    "are normal about their mean, up to the longest",
    async ({ proxy }) => {
      const all = await durations(proxy, 400);
      const deviation = Math.sqrt(mean(all.map((ms) => (ms - mean(all)) ** 2)));

      expect(Math.abs(mean(all) - 50)).toBeLessThan(2.5);
      expect(Math.abs(deviation - 10)).toBeLessThan(2);
      expect(Math.max(...all)).toBeLessThanOrEqual(75);
    },
  );
});

describe("a paced response", () => {
  const pace = (bytes_per_second: number): FilterTest => timed(doing({ pace: { bytes_per_second } }));
  const chunked = (upstream: Upstream, ...body: string[]): void =>
    upstream.respond({ headers: { "transfer-encoding": "chunked" }, body });

  pace(1_000)("takes as long as its bytes need", async ({ proxy, upstream }) => {
    upstream.respond({ body: "x".repeat(250) });
    expect(await durationOf(proxy, 1_000)).toBe(250);
  });

  pace(1_000)("takes as long in pieces as in one", async ({ proxy, upstream }) => {
    chunked(upstream, "x".repeat(50), "x".repeat(150), "x".repeat(50));
    expect(await durationOf(proxy, 1_000)).toBe(250);
  });

  pace(1_000_000)("may be larger than what the proxy buffers", async ({ proxy, upstream }) => {
    upstream.respond({ body: "x".repeat(3_000_000) });
    expect(await durationOf(proxy, 5_000)).toBe(3_000);
  });

  pace(3)("rounds up, so that nothing comes early", async ({ proxy, upstream }) => {
    upstream.respond({ body: "x" });
    expect(await durationOf(proxy, 1_000)).toBe(334);
  });

  pace(1_000)("with trailers waits before these, too", async ({ proxy, upstream }) => {
    upstream.respond({ body: "x".repeat(250), trailers: { "x-sum": "1" } });
    expect(await durationOf(proxy, 1_000)).toBe(250);
  });

  pace(1)("without a body does not wait", async ({ proxy, upstream }) => {
    upstream.respond({ status: 204 });
    expect(await durationOf(proxy, 1_000)).toBe(0);
  });

  timed({ header_control: { pace: { least_kib_per_second: 2 } } })(
    "that a request asks for is held to the slowest",
    async ({ proxy, upstream }) => {
      upstream.respond({ body: "x".repeat(1_024) });
      expect(await durationOf(proxy, 2_000, { "x-envoy-fault-throughput-response": "4" })).toBe(250);
      expect(await durationOf(proxy, 2_000, { "x-envoy-fault-throughput-response": "1" })).toBe(500);
    },
  );
});

timed(doing({ delay: { fixed_ms: 100 } }))("no tick comes once a delay is over", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();
  const ticks = (): number => proxy.transcript.filter(({ name }) => name === "proxy_on_tick").length;
  const before = ticks();

  await proxy.clock.advance(60_000);
  await proxy.settled();
  expect(before).toBeGreaterThan(0);
  expect(ticks()).toBe(before);
});
