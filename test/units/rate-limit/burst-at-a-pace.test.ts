import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { ask, type Limits, loadLimits, second } from "./limits.ts";

let limits: Limits;

beforeAll(async () => {
  limits = await loadLimits();
});

/** A bucket in whole numbers without an end: each nanosecond brings `requests` drops, and a unit is `window` of them. */
class ExactBucket {
  private drops: bigint;
  private last = 0n;

  constructor(
    private readonly requests: bigint,
    private readonly window: bigint,
    private readonly burst: bigint,
  ) {
    this.drops = burst * window;
  }

  units(now: bigint): bigint {
    const filled = this.drops + (now - this.last) * this.requests;
    const most = this.burst * this.window;
    this.drops = filled < most ? filled : most;
    this.last = now;
    return this.drops / this.window;
  }

  take(units: bigint): void {
    this.drops -= units * this.window;
  }
}

const whole = (least: bigint, most: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: least, max: most });
const shapes = fc.record({
  requests: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1_000_000_000 })),
  window: fc.oneof(whole(1n, 30n), whole(1n, 31n * 86_400n * second), fc.constantFrom(second, 60n * second)),
  burst: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1_000_000 })),
});
const fills = ({ requests, window, burst }: { requests: number; window: bigint; burst: number }): boolean =>
  (window / BigInt(requests)) * BigInt(burst) < 365n * 86_400n * second;

/** Requests, each so long after the one before: at once, by the pace, or by chance. */
const asked = fc.array(
  fc.record({
    pace: fc.constantFrom(0n, 1n, 2n),
    shift: fc.oneof(fc.constant(0n), whole(-2n, 2n), whole(0n, 10n * second)),
    units: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
  }),
  { maxLength: 60 },
);

test("each verdict, what remains and what is to be waited for are those of an exact bucket", () => {
  fc.assert(
    fc.property(shapes.filter(fills), asked, whole(0n, 1n << 60n), (shape, requests, begin) => {
      const { window, burst } = shape;
      limits.startPaced(shape.requests, window, burst);
      const exact = new ExactBucket(BigInt(shape.requests), window, BigInt(burst));
      let now = begin;
      for (const { pace, shift, units } of requests) {
        const later = (pace * window) / BigInt(shape.requests) + shift;
        now += later > 0n ? later : 0n;
        const cost = Math.min(units, burst);
        const there = exact.units(now);
        const wait = limits.waitNanos(now, cost);

        expect(limits.remaining(now)).toBe(Number(there));
        expect(wait === 0n).toBe(there >= BigInt(cost));
        if (wait === 0n) {
          limits.take(now, cost);
          exact.take(BigInt(cost));
        } else {
          expect(limits.waitNanos(now + wait, cost)).toBe(0n);
          expect(limits.waitNanos(now + wait - 1n, cost)).toBe(1n);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a state is fresh from the moment on that it names, and not before", () => {
  fc.assert(
    fc.property(
      shapes.filter(fills),
      fc.integer({ min: 1, max: 1_000_000 }),
      ({ requests, window, burst }, units) => {
        limits.startPaced(requests, window, burst);
        limits.take(second, Math.min(units, burst));
        const fresh = limits.fresh();

        expect(limits.waitNanos(fresh, burst)).toBe(0n);
        expect(limits.waitNanos(fresh - 1n, burst)).toBe(1n);
      },
    ),
  );
});

// A table: one line a case.
// prettier-ignore
const endless: Array<[what: string, requests: number, window: bigint, periods: number]> = [
  ["three in a second, for a day", 3, second, 86_400],
  ["seven in a day, for ten years", 7, 86_400n * second, 3_650],
  ["999,983 in a second, once", 999_983, second, 1],
];

test.each(endless)(
  "a client that asks without end is given what the limit says, to the nanosecond: %s",
  (_, requests, window, periods) => {
    limits.startPaced(requests, window, 2);
    let now = 0n;
    for (let i = 0; i < requests * periods + 2; i++) {
      now += limits.waitNanos(now, 1);
      limits.take(now, 1);
    }

    expect(now).toBe(BigInt(periods) * window);
  },
);

describe("giving back", () => {
  test("what is given back at once is there again", () => {
    limits.startPaced(10, 10n * second, 3);
    for (let i = 0; i < 3; i++) expect(ask(limits, second)).toBe(true);
    expect(ask(limits, second)).toBe(false);
    limits.giveBack(second, second, 1);

    expect(limits.remaining(second)).toBe(1);
    expect(ask(limits, second)).toBe(true);
    expect(ask(limits, second)).toBe(false);
  });

  test("whoever gives back late, when the time has brought it anyway, lets nobody take it twice", () => {
    limits.startPaced(1, second, 1);
    ask(limits, second);
    ask(limits, second + 1_500_000_000n); // the first unit has come anew, and is taken
    limits.giveBack(second + 1_600_000_000n, second, 1);

    expect(ask(limits, second + 1_600_000_000n)).toBe(false);
  });

  test("no order of takes and returns lets a client have more than if those had never been taken", () => {
    const step = fc.record({ later: whole(0n, 700_000_000n), returns: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, burst) => {
        limits.startPaced(2, second, burst);
        const exact = new ExactBucket(2n, second, BigInt(burst));
        const pending: bigint[] = [];
        let now = second;
        for (const { later, returns } of steps) {
          now += later;
          const taken = returns ? undefined : pending.shift();
          if (taken !== undefined) limits.giveBack(now, taken, 1);
          if (!ask(limits, now)) continue;
          if (returns) pending.push(now);
          else {
            expect(exact.units(now)).toBeGreaterThan(0n);
            exact.take(1n);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test("a moment before that of an earlier call brings nothing", () => {
  limits.startPaced(10, second, 10);
  for (let i = 0; i < 10; i++) expect(ask(limits, 5n * second)).toBe(true);

  for (const now of [0n, 1n, 4n * second, 5n * second - 1n]) expect(ask(limits, now)).toBe(false);
  expect(ask(limits, 5n * second + second / 10n)).toBe(true);
});
