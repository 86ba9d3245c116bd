import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { one, ruled } from "./scenarios.ts";

const NAMES = ["enabled", "ok", "rate_limited", "enforced", "shadow_mode", "table_full", "failed"] as const;

/** What the counters of a rule have counted, those that did not count left out. */
function counted({ stats }: StartedProxy, rule = "r"): Record<string, number | null> {
  const all = NAMES.map((name) => [name, stats.get(`rate_limit.${name}{rule=${rule}}`)] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== 0));
}

async function ask(proxy: StartedProxy, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await proxy.get("/");
  await proxy.settled();
}

filterTest("rate-limit", ruled({}))(
  "each counter of a rule is there with 0 from the start",
  async ({ proxy }) => {
    await proxy.settled();

    for (const name of NAMES) expect(proxy.stats).toHaveCounter(`rate_limit.${name}{rule=r}`, 0);
  },
);

filterTest("rate-limit", ruled({}))("a refusal that is answered is enforced", async ({ proxy }) => {
  await ask(proxy, 3);

  expect(counted(proxy)).toEqual({ enabled: 3, ok: 1, rate_limited: 2, enforced: 2 });
});

filterTest("rate-limit", ruled({ shadow: true }))(
  "a refusal in shadow mode is counted as that",
  async ({ proxy }) => {
    await ask(proxy, 3);

    expect(counted(proxy)).toEqual({ enabled: 3, ok: 1, rate_limited: 2, shadow_mode: 2 });
  },
);

filterTest("rate-limit", ruled({ enforced: { numerator: 0 } }))(
  "a refusal that is not enforced is no more than that",
  async ({ proxy }) => {
    await ask(proxy, 3);

    expect(counted(proxy)).toEqual({ enabled: 3, ok: 1, rate_limited: 2 });
  },
);

filterTest("rate-limit", ruled({ enabled: { numerator: 0 } }))(
  "a rule that is not enabled counts nothing",
  async ({ proxy }) => {
    await ask(proxy, 3);

    expect(counted(proxy)).toEqual({});
  },
);

const two = filterTest("rate-limit", {
  rules: [
    { name: "a", key: [{ constant: "all" }], limit: { requests: 2, per: "day" } },
    { name: "b", key: [{ constant: "all" }], limit: one },
  ],
});

two("a request that one rule refuses takes nothing from the others", async ({ proxy }) => {
  await ask(proxy, 3);

  expect(counted(proxy, "a")).toEqual({ enabled: 3, ok: 3 });
  expect(counted(proxy, "b")).toEqual({ enabled: 3, ok: 1, rate_limited: 2, enforced: 2 });
});

const drawn = {
  rules: ruled({
    limit: { requests: 1, per: "day" },
    enabled: { numerator: 25 },
    enforced: { numerator: 50 },
  }).rules,
  seed: 7,
};

filterTest("rate-limit", drawn, { needs: ["virtual-clock"] })(
  "fractions are drawn from the seed: the same requests each time",
  async ({ proxy }) => {
    await ask(proxy, 400);

    expect(counted(proxy)).toEqual({ enabled: 96, ok: 1, rate_limited: 95, enforced: 56 });
  },
);
