import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";
import { type Headers, pairsBlock as block } from "./recording-host.ts";
import { Random } from "./random.ts";

interface PairsModule {
  read(block: number): number;
  indexOf(block: number, name: number, from: number): number;
  outside(block: number): number;
  encode(texts: number): number;
  readonly STRINGS_ID: { value: number };
}

let guest: Guest<PairsModule>;

beforeAll(async () => {
  guest = await loadModule<PairsModule>("pairs");
});

function read(bytes: Uint8Array): string[] | null {
  const texts = guest.call.read(guest.buffer(bytes));
  return texts === 0 ? null : guest.loader.__getArray(texts).map((text) => guest.string(text));
}

const indexOf = (bytes: Uint8Array, name: string, from = 0): number =>
  guest.call.indexOf(guest.buffer(bytes), guest.text(name), from);

const SAMPLE: Headers = [
  [":path", "/"],
  ["x-role", "user"],
  ["x-empty", ""],
  ["x-role", "admin"],
];

describe("a block of pairs", () => {
  test("is read in order and backwards", () => {
    expect(read(block(SAMPLE))).toEqual([...SAMPLE.flat(), "admin", "", "user", "/"]);
  });

  test("of no bytes, and of no pairs, is empty", () => {
    expect(read(Buffer.alloc(0))).toEqual([]);
    expect(read(block([]))).toEqual([]);
  });

  test("is searched without regard to case, from any place", () => {
    expect(indexOf(block(SAMPLE), "x-role")).toBe(1);
    expect(indexOf(block(SAMPLE), "X-Role")).toBe(1);
    expect(indexOf(block(SAMPLE), "x-role", 2)).toBe(3);
    expect(indexOf(block(SAMPLE), "x-role", 4)).toBe(-1);
    expect(indexOf(block(SAMPLE), "x-rol")).toBe(-1);
    for (const from of [-1, -1_000_000, -(2 ** 31)]) expect(indexOf(block(SAMPLE), "x-role", from)).toBe(1);
    expect(indexOf(block(SAMPLE), "x-role", 2 ** 31 - 1)).toBe(-1);
  });

  test("has nothing before its first and behind its last pair", () => {
    expect(guest.call.outside(guest.buffer(block(SAMPLE)))).toBe(0);
  });

  test("of every truncation, and with every byte too many, is refused", () => {
    const whole = block(SAMPLE);
    for (let length = 1; length < whole.length; length++)
      expect(read(whole.subarray(0, length)), `${length}`).toBeNull();
    expect(read(Buffer.concat([whole, Buffer.alloc(1)]))).toBeNull();
  });

  test("with 20,000 kinds of damage to its numbers is read inside of its bounds or refused", () => {
    const random = new Random(6);
    const whole = block(SAMPLE);
    for (let i = 0; i < 20_000; i++) {
      const damaged = Uint8Array.from(whole);
      damaged[random.below(4 + SAMPLE.length * 8)] = random.pick([0, 1, 4, 5, 127, 128, 255]);
      const texts = read(damaged);
      if (texts === null) continue;
      expect(texts.join("").length).toBeLessThanOrEqual(2 * whole.length);
    }
  });

  test("that claims four billion pairs is refused", () => {
    expect(read(Buffer.from([255, 255, 255, 255]))).toBeNull();
  });

  test("is written as the host reads it", () => {
    const texts = guest.loader.__newArray(
      guest.call.STRINGS_ID.value,
      SAMPLE.flat().map((text) => guest.text(text)),
    );
    expect(Buffer.from(guest.bytes(guest.call.encode(texts)))).toEqual(Buffer.from(block(SAMPLE)));
  });
});
