import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { ruled, type Rule } from "./scenarios.ts";

/** One VM, so that one sequence is drawn from. */
const drawn = (percent: NonNullable<Rule["percent"]>, seed?: number): FilterTest =>
  filterTest("fault-injection", ruled({ percent }, seed === undefined ? {} : { seed }), {
    needs: ["virtual-clock"],
  });

/** Which of so many requests are hit, as a text of 0 and 1. */
async function hits(proxy: StartedProxy, count: number): Promise<string> {
  let all = "";
  for (let i = 0; i < count; i++) all += (await proxy.get("/")).status === 503 ? "1" : "0";
  return all;
}

/** What Vigna's SplitMix64 draws from a seed: who is hit of so many, by so many in a hundred. */
function expected(seed: number, numerator: number, count: number): string {
  let state = BigInt(seed);
  const wrapped = (value: bigint): bigint => BigInt.asUintN(64, value);
  return Array.from({ length: count }, () => {
    state = wrapped(state + 0x9e3779b97f4a7c15n);
    let mixed = wrapped((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = wrapped((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    const drawn = (((mixed ^ (mixed >> 31n)) >> 32n) * 100n) >> 32n;
    return drawn < numerator ? "1" : "0";
  }).join("");
}

const half = { numerator: 50 };
const seen = new Map<string, string>();

describe("from a seed", () => {
  for (const time of ["once", "again"]) {
    drawn(half, 42)(`the same requests are hit, ${time}`, async ({ proxy }) => {
      expect(await hits(proxy, 64)).toBe(expected(42, 50, 64));
    });
  }

  drawn(half, 43)("other requests are hit from another seed", async ({ proxy }) => {
    expect(await hits(proxy, 64)).not.toBe(expected(42, 50, 64));
  });
});

describe("without a seed", () => {
  for (const name of ["first", "second"]) {
    drawn(half)(`nobody foresees who is hit, the ${name} time`, async ({ proxy }) => {
      const all = await hits(proxy, 64);
      expect([...seen.values()]).not.toContain(all);
      seen.set(name, all);
    });
  }
});

describe("of 4,000 requests", () => {
  const share = (all: string): number => [...all].filter((hit) => hit === "1").length / all.length;

  // Five standard errors: another seed would pass as well.
  // prettier-ignore
  const cases = [
    [{ numerator: 50 }, 0.5, 0.04],
    [{ numerator: 5 }, 0.05, 0.018],
    [{ numerator: 100, denominator: "TEN_THOUSAND" }, 0.01, 0.008],
    [{ numerator: 300_000, denominator: "MILLION" }, 0.3, 0.037],
  ] as const;
  for (const [percent, expected, tolerance] of cases) {
    drawn(percent, 1)(`${expected * 100} % are hit`, async ({ proxy }) => {
      expect(Math.abs(share(await hits(proxy, 4_000)) - expected)).toBeLessThan(tolerance);
    });
  }
});
