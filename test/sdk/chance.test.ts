import { randomFillSync } from "node:crypto";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compileModule, type Guest, startGuest } from "./compile.ts";

interface ChanceModule {
  seed(seed: bigint): void;
  unforeseen(): void;
  below(limit: number): number;
  unit(): number;
  bytes(length: number): number;
  draw(numerator: number, denominator: number, most: bigint): number;
  drawIfOpen(numerator: number, denominator: number): number;
  read(text: number): number;
}

/** More at once Envoy 1.40 refuses, by this status. */
const [MOST, TOO_MANY] = [65_536, 28];

const ALL = 2n ** 62n;

let wasm: Uint8Array<ArrayBuffer>;
let guest: Guest<ChanceModule>;
let logs: string[];

beforeAll(async () => {
  wasm = await compileModule("chance");
});

beforeEach(async () => {
  logs = [];
  guest = await start((bytes) => {
    if (bytes.length > MOST) return TOO_MANY;
    randomFillSync(bytes);
    return 0;
  });
});

/** Starts the module on a host with this source of random bytes. */
async function start(random: (bytes: Uint8Array) => number): Promise<Guest<ChanceModule>> {
  const bytesAt = (at: number, length: number): Uint8Array =>
    new Uint8Array(started.loader.memory?.buffer as ArrayBuffer, at, length);
  const proxy_log = (_: number, at: number, length: number): number => {
    logs.push(Buffer.from(bytesAt(at, length)).toString());
    return 0;
  };
  const started = await startGuest<ChanceModule>(wasm, {
    env: { proxy_log },
    wasi_snapshot_preview1: { random_get: (at: number, length: number) => random(bytesAt(at, length)) },
  });
  return started;
}

/** What SplitMix64 gives next. */
function splitMix64(seed: bigint): () => bigint {
  let state = seed;
  const cut = (bits: bigint): bigint => BigInt.asUintN(64, bits);
  return () => {
    state = cut(state + 0x9e3779b97f4a7c15n);
    const first = cut((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    const second = cut((first ^ (first >> 27n)) * 0x94d049bb133111ebn);
    return second ^ (second >> 31n);
  };
}

const unitOf = (bits: bigint): number => Number(bits >> 11n) / 2 ** 53;
const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const limits = fc.oneof(fc.nat({ max: 1_000_000 }), fc.integer({ min: 2 ** 31, max: 2 ** 32 - 1 }));

describe("random numbers", () => {
  test("of the seed 1234567 are the published ones", () => {
    guest.call.seed(1234567n);
    const published = [
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
    ];
    expect(published.map(() => guest.call.unit())).toEqual(published.map(unitOf));
  });

  test("of any seed are those of SplitMix64", () => {
    fc.assert(
      fc.property(seeds, fc.array(limits, { maxLength: 8 }), (seed, all) => {
        const next = splitMix64(seed);
        guest.call.seed(seed);
        for (const limit of all) {
          const expected = Number(((next() >> 32n) * BigInt(limit)) >> 32n);
          expect(guest.call.below(limit) >>> 0).toBe(expected);
          expect(guest.call.unit()).toBe(unitOf(next()));
        }
      }),
    );
  });

  test("without a seed are others each time", () => {
    const firsts = Array.from({ length: 20 }, () => {
      guest.call.unforeseen();
      return guest.call.unit();
    });
    expect(new Set(firsts).size).toBe(firsts.length);
  });
});

describe("random bytes", () => {
  test.each([0, 1, 16, MOST, MOST + 1, 200_000])("are as many as asked for: %i", (length) => {
    const bytes = guest.bytes(guest.call.bytes(length));
    expect(bytes).toHaveLength(length);
    for (let at = 0; at + 64 <= length; at += 64)
      expect(new Set(bytes.subarray(at, at + 64)).size, `${at}`).toBeGreaterThan(16);
  });

  test("of a negative number are none", () => {
    expect(guest.bytes(guest.call.bytes(-1))).toHaveLength(0);
  });

  test("that the host refuses are none to go on with", async () => {
    const refused = await start(() => 76);
    expect(() => refused.call.bytes(16)).toThrow(/unreachable/);
    expect(() => refused.call.unforeseen()).toThrow(/unreachable/);
    expect(logs).toEqual(["random_get was refused by the host with status 76"]); // said once
    expect(refused.bytes(refused.call.bytes(0))).toHaveLength(0);
  });
});

describe("a fraction", () => {
  test.each([
    [0, 100, 0],
    [1, 100, 1_000],
    [2_500, 10_000, 25_000],
    [999_999, 1_000_000, 99_999],
    [100, 100, 100_000],
  ])("of %i in %i is about %i in 100,000", (numerator, denominator, expected) => {
    for (const draw of ["draw", "drawIfOpen"] as const) {
      guest.call.seed(1n);
      let drawn = 0;
      for (let i = 0; i < 100_000; i++) drawn += guest.call[draw](numerator, denominator, ALL) ? 1 : 0;
      expect(Math.abs(drawn - expected)).toBeLessThanOrEqual(
        4 * Math.sqrt(expected * (1 - expected / 100_001)),
      );
    }
  });

  test.each([
    ["draw", 0, false, 1],
    ["draw", 50, null, 1],
    ["draw", 100, true, 1],
    ["drawIfOpen", 0, false, 0],
    ["drawIfOpen", 50, null, 1],
    ["drawIfOpen", 100, true, 0],
    ["drawIfOpen", 101, true, 0],
  ] as const)(
    "%s of %i in 100 is %j, and takes %i of the random numbers",
    (draw, numerator, expected, taken) => {
      const next = splitMix64(5n);
      guest.call.seed(5n);
      const isDrawn = Boolean(guest.call[draw](numerator, 100, ALL));
      expect(isDrawn).toBe(expected ?? unitOf(splitMix64(5n)()) * 100 < numerator);
      for (let i = 0; i < taken; i++) next();
      expect(guest.call.unit()).toBe(unitOf(next()));
    },
  );

  test.each([
    [100n, true],
    [ALL, true],
    [1n, false],
    [0n, false],
    [-1n, false],
    [-(2n ** 63n), false],
  ])("of 100 in 100, at most %s, is always or hardly drawn: %j", (most, expected) => {
    guest.call.seed(2n);
    expect(Boolean(guest.call.draw(100, 100, most))).toBe(expected);
  });

  const refused = (key: string, reason: string): string => `part.${key} (line 1): ${reason}`;
  test.each([
    ["{}", "100/100"],
    ['{"part":{"numerator":5}}', "5/100"],
    ['{"part":{"numerator":100,"denominator":"HUNDRED"}}', "100/100"],
    ['{"part":{"numerator":0,"denominator":"TEN_THOUSAND"}}', "0/10000"],
    ['{"part":{"numerator":1000000,"denominator":"MILLION"}}', "1000000/1000000"],
    ['{"part":{"numerator":101}}', refused("numerator", "must be a whole number from 0 to 100")],
    [
      '{"part":{"numerator":-1,"denominator":"MILLION"}}',
      refused("numerator", "must be a whole number from 0 to 1000000"),
    ],
    [
      '{"part":{"numerator":1,"denominator":"million"}}',
      refused("denominator", "must be one of HUNDRED, TEN_THOUSAND, MILLION"),
    ],
    [
      '{"part":{"denominator":"HUNDRED"}}',
      refused("numerator", "is missing: it must be a whole number from 0 to 100"),
    ],
    ['{"part":5}', "part (line 1): must be an object"],
  ])("of %s is %s", (text, expected) => {
    expect(guest.string(guest.call.read(guest.buffer(Buffer.from(text))))).toBe(expected);
  });
});
