import { expect, test } from "vitest";
import { ReloadBackoff } from "../../harness/src/embedded/reload-backoff.ts";

const drawn = (leastMs: number): number[] => {
  const backoff = new ReloadBackoff(leastMs);
  return Array.from({ length: 200 }, () => backoff.nextMs());
};

test("a VM is kept for an interval, and for less than half of it more", () => {
  const times = drawn(1_000);

  expect(Math.min(...times)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...times)).toBeLessThan(1_500);
  expect(new Set(times).size).toBeGreaterThan(100);
});

test("lots are the same in every run", () => expect(drawn(1_000)).toEqual(drawn(1_000)));

test("the shortest interval leaves no choice", () => expect(new Set(drawn(2))).toEqual(new Set([2])));
