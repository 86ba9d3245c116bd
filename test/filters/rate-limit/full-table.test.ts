import { startProxy, type BackendName, type StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe, inject } from "vitest";
import { type Rule, ruled } from "./scenarios.ts";

/** The least table is one bucket. */
const PLACES = 16;
const rule = { key: [{ header: "x-key" }], limit: { requests: 1, per: "hour" } } satisfies Partial<Rule>;
const small = { max_keys: 1 };

const ask = async (proxy: StartedProxy, key: string | number): Promise<number> =>
  (await proxy.get("/", { headers: { "x-key": String(key) } })).status;
const fill = async (proxy: StartedProxy): Promise<void> => {
  for (let i = 0; i < PLACES; i++) expect(await ask(proxy, i)).toBe(200);
};

describe("a key that finds no place", () => {
  const allowing = filterTest("rate-limit", ruled({ ...rule, on_full: "allow" }, small));

  allowing("passes, and is counted, where on_full says so", async ({ proxy }) => {
    await fill(proxy);

    expect([await ask(proxy, "x"), await ask(proxy, "x")]).toEqual([200, 200]);
    await proxy.settled();
    expect(proxy.stats).toHaveCounter("rate_limit.table_full{rule=r}", 2);
    expect(proxy.stats).toHaveCounter("rate_limit.ok{rule=r}", PLACES + 2);
    expect(proxy.logs).toHaveLogged("warn", "a key found no place in the table");
  });

  const denying = filterTest("rate-limit", ruled({ ...rule, on_full: "deny" }, small));

  denying("is refused, and is counted, where on_full says so", async ({ proxy }) => {
    await fill(proxy);

    expect(await ask(proxy, "x")).toBe(429);
    await proxy.settled();
    expect(proxy.stats).toHaveCounter("rate_limit.table_full{rule=r}", 1);
    expect(proxy.stats).toHaveCounter("rate_limit.enforced{rule=r}", 1);
    expect(proxy.accessLog.at(-1)).toMatchObject({ details: "rate_limit_table_full" });
  });

  denying("takes nobody's place: those who have one are limited as before", async ({ proxy }) => {
    await fill(proxy);
    for (let i = 0; i < 20; i++) await ask(proxy, `x-${i}`);

    for (let i = 0; i < PLACES; i++) expect(await ask(proxy, i)).toBe(429);
  });

  const timed = filterTest("rate-limit", ruled({ ...rule, on_full: "deny" }, small), {
    needs: ["virtual-clock"],
  });

  timed("finds one as soon as another key is as good as fresh, which Retry-After says", async ({ proxy }) => {
    proxy.clock.freeze();
    await fill(proxy);
    await proxy.clock.advance(1_000_000);
    const refused = await proxy.get("/", { headers: { "x-key": "x" } });
    const retryAfter = Number(refused.headers.get("retry-after"));

    expect([refused.status, retryAfter]).toEqual([429, 2_600]);
    await proxy.clock.advance(retryAfter * 1_000);
    for (let i = 0; i < PLACES; i++) expect(await ask(proxy, `y-${i}`)).toBe(200);
  });
});

const many = filterTest("rate-limit", ruled(rule, { max_keys: 300 }), { logLevel: "warn" });

many("as many keys as a table is made for find a place, but for few by chance", async ({ proxy }) => {
  for (let i = 0; i < 300; i++) await ask(proxy, i);
  await proxy.settled();

  expect(proxy.stats.get("rate_limit.table_full{rule=r}")).toBeLessThan(15);
});

many(
  "which keys share a bucket differs from table to table, so that no client can foresee it",
  async ({ envoys }) => {
    const configuration = JSON.stringify(ruled({ ...rule, on_full: "deny" }, { max_keys: 48 }));
    const start = { backend: inject("proxyWasmBackend") as BackendName, envoy: { pool: envoys } };
    const refused = async (): Promise<number[]> => {
      await using proxy = await startProxy({ ...start, chain: [{ filter: "rate-limit", configuration }] });
      const statuses: number[] = [];
      for (let i = 0; i < 150; i++) statuses.push(await ask(proxy, i));
      return statuses.flatMap((status, i) => (status === 429 ? [i] : []));
    };
    const [first, second] = [await refused(), await refused()];

    expect(first.length).toBeGreaterThan(20);
    expect(second).not.toEqual(first);
  },
);
