import type { ReceivedResponse, StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { type Rule, ruled } from "./scenarios.ts";

const virtual = { needs: ["virtual-clock"] } as const;
const day = 86_400_000;

const limits: Array<[what: string, limit: Rule["limit"]]> = [
  ["token_bucket", { requests: 7, per: "minute" }],
  ["token_bucket with a burst", { requests: 7, per: "minute", burst: 3 }],
  ["gcra", { requests: 7, per: "minute", algorithm: "gcra" }],
  ["sliding_window", { requests: 7, per: "minute", algorithm: "sliding_window" }],
  ["sliding_window of a second", { requests: 2, window_ms: 1_000, algorithm: "sliding_window" }],
  ["token_bucket of three seconds and a bit", { requests: 1, window_ms: 3_001 }],
];

const refused = async (proxy: StartedProxy): Promise<ReceivedResponse> => {
  for (;;) {
    const response = await proxy.get("/");
    if (response.status === 429) return response;
  }
};

for (const [what, limit] of limits) {
  const test = filterTest("rate-limit", ruled({ limit }), { ...virtual, logLevel: "info" });

  describe(what, () => {
    test("a client that waits as Retry-After says is admitted, each time", async ({ proxy }) => {
      proxy.clock.freeze();
      for (let i = 0; i < 20; i++) {
        const response = await refused(proxy);
        await proxy.clock.advance(Number(response.headers.get("retry-after")) * 1_000);

        expect((await proxy.get("/")).status).toBe(200);
      }
    });

    test("a client that comes back more than a second earlier is not", async ({ proxy }) => {
      proxy.clock.freeze();
      const response = await refused(proxy);
      await proxy.clock.advance((Number(response.headers.get("retry-after")) - 1) * 1_000 - 1);

      expect((await proxy.get("/")).status).toBe(429);
    });

    test.for([day, -day, 3_650 * day, -3_650 * day])(
      "the wall clock changes nothing when it is set by %d ms",
      async (shift, { proxy }) => {
        proxy.clock.freeze();
        await refused(proxy);
        proxy.clock.shiftWallClock(shift);
        const response = await proxy.get("/");

        expect(response.status).toBe(429);
        await proxy.clock.advance(Number(response.headers.get("retry-after")) * 1_000);
        expect((await proxy.get("/")).status).toBe(200);
      },
    );

    test("after months of silence there is as much as at the beginning", async ({ proxy }) => {
      proxy.clock.freeze();
      const admitted = async (): Promise<number> => {
        for (let count = 0; ; count++) if ((await proxy.get("/")).status === 429) return count;
      };
      const atFirst = await admitted();
      await proxy.clock.advance(90 * day);

      expect(await admitted()).toBe(atFirst);
    });
  });
}

const hourly = filterTest("rate-limit", ruled({ limit: { requests: 3, per: "hour" } }), virtual);

hourly(
  "a request that others refuse costs nothing, and one that passed comes back with time",
  async ({ proxy }) => {
    proxy.clock.freeze();
    for (let i = 0; i < 10; i++) await proxy.get("/");
    await proxy.clock.advance(20 * 60_000 - 1);
    expect((await proxy.get("/")).status).toBe(429);
    await proxy.clock.advance(1);

    expect([(await proxy.get("/")).status, (await proxy.get("/")).status]).toEqual([200, 429]);
  },
);
