import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { ask, type Limits, loadLimits, second } from "./limits.ts";

let limits: Limits;

beforeAll(async () => {
  limits = await loadLimits();
});

interface Taken {
  readonly at: bigint;
  readonly units: number;
}

const whole = (least: bigint, most: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: least, max: most });
const sum = (taken: readonly Taken[]): number => taken.reduce((total, { units }) => total + units, 0);
const windows = fc.oneof(
  whole(1n, 40n),
  fc.constantFrom(second, 86_400n * second),
  whole(1n, 31n * 86_400n * second),
);
const asked = fc.array(
  fc.record({
    percent: fc.oneof(fc.constant(0n), whole(0n, 30n), whole(80n, 120n)),
    shift: whole(0n, 2n),
    units: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 80 },
);

test("no window holds more than the limit, and nothing counts for more than a window and a tenth", () => {
  fc.assert(
    fc.property(
      windows,
      fc.integer({ min: 1, max: 8 }),
      asked,
      whole(0n, 1n << 60n),
      (window, limit, requests, begin) => {
        limits.startWindow(limit, window);
        const taken: Taken[] = [];
        const since = (moment: bigint): Taken[] => taken.filter(({ at }) => at > moment);
        let now = begin;
        for (const { percent, shift, units } of requests) {
          now += (window * percent) / 100n + shift;
          const cost = Math.min(units, limit);
          const wait = limits.waitNanos(now, cost);
          if (wait === 0n) {
            limits.take(now, cost);
            taken.push({ at: now, units: cost });
            expect(sum(taken.filter(({ at }) => at >= now - window))).toBeLessThanOrEqual(limit);
          } else {
            const longest = ((window + 9n) / 10n) * 11n;
            expect(sum(since(now - longest)) + cost).toBeGreaterThan(limit);
            expect(limits.waitNanos(now + wait, cost)).toBe(0n);
            expect(limits.waitNanos(now + wait - 1n, cost)).toBe(1n);
          }
          expect(limits.remaining(now)).toBeLessThanOrEqual(
            limit - sum(taken.filter(({ at }) => at >= now - window)),
          );
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a state is fresh from the moment on that it names, and not before", () => {
  limits.startWindow(5, second);
  limits.take(3n * second, 2);
  const fresh = limits.fresh();

  expect(limits.remaining(fresh)).toBe(5);
  expect(limits.remaining(fresh - 1n)).toBe(3);
});

test("the whole limit is there at once on a clock that has just begun", () => {
  limits.startWindow(3, 86_400n * second);

  expect([0n, 1n, 2n, 3n].map((now) => ask(limits, now))).toEqual([true, true, true, false]);
});

test("what is given back is there again, and only once", () => {
  limits.startWindow(3, second);
  for (let i = 0; i < 3; i++) ask(limits, second);
  limits.giveBack(second, second, 1);

  expect([1, 2].map(() => ask(limits, second))).toEqual([true, false]);
});

test("what is given back when it no longer counts changes nothing", () => {
  limits.startWindow(1, second);
  ask(limits, second);
  const later = second + 1_100_000_000n; // the same place in the ring
  ask(limits, later);
  limits.giveBack(later, second, 1);

  expect(ask(limits, later)).toBe(false);
});

test("a moment before that of an earlier call brings nothing", () => {
  limits.startWindow(2, second);
  for (let i = 0; i < 2; i++) ask(limits, 5n * second);

  for (const now of [0n, 1n, 4n * second, 5n * second - 1n]) expect(ask(limits, now)).toBe(false);
});
