import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";
import { Random } from "./random.ts";

interface ProtobufModule {
  read(message: number): number;
  readDouble(message: number): number;
  kindOfFirst(struct: number): number;
  countMembers(struct: number): number;
  writeAll(integer: bigint, real: number): number;
  readAll(message: number): number;
  write(field: number, value: bigint, bytes: number): number;
}

let guest: Guest<ProtobufModule>;

beforeAll(async () => {
  guest = await loadModule<ProtobufModule>("protobuf");
});

const read = (...bytes: number[]): string => guest.string(guest.call.read(guest.buffer(bytes)));

describe("a message", () => {
  // A table: one line a message.
  // prettier-ignore
  test.each([
    ["no fields", [], ""],
    ["an integer", [0x08, 0x96, 0x01], "1=150"],
    [
      "the largest integer",
      [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      "1=18446744073709551615",
    ],
    ["bytes", [0x12, 3, 1, 2, 3], "2=#3"],
    ["empty bytes", [0x12, 0], "2=0"],
    ["a fixed64 and a fixed32", [0x09, 1, 2, 0, 0, 0, 0, 0, 0, 0x15, 3, 0, 0, 0], "1=513 2=3"],
    ["a field number of two bytes", [0x80, 0x01, 5], "16=5"],
    ["a truncated integer", [0x08, 0x96], "!"],
    ["an integer of eleven bytes", [0x08, ...Array<number>(10).fill(0xff), 1], "!"],
    ["a truncated fixed64", [0x08, 1, 0x09, 1, 2], "1=1 !"],
    ["bytes beyond the end", [0x12, 4, 1, 2, 3], "!"],
    ["bytes of a length beyond 32 bits", [0x12, 0xff, 0xff, 0xff, 0xff, 0x7f, 1], "!"],
    ["a group, which nobody uses", [0x0b, 0x0c], "!"],
    ["field number 0", [0x00, 1], "!"],
    ["the largest field number", [0xf8, 0xff, 0xff, 0xff, 0x0f, 5], "536870911=5"],
    ["a field number beyond it", [0x80, 0x80, 0x80, 0x80, 0x10, 5], "!"],
    ["a field number that is 1 in its low 32 bits", [0x88, 0x80, 0x80, 0x80, 0x80, 0x01, 5], "!"],
  ])("of %s is read", (_, bytes, expected) => {
    expect(read(...bytes)).toBe(expected);
  });

  test("has doubles", () => {
    const bytes = Buffer.alloc(9, 0x09);
    bytes.writeDoubleLE(-7.25, 1);
    expect(guest.call.readDouble(guest.buffer(bytes))).toBe(-7.25);
  });

  test.each([
    [1, 0n],
    [15, 127n],
    [16, 128n],
    [1000, 2n ** 64n - 1n],
  ] as const)(
    // prettier-ignore
    "that was written with field %i of %i reads the same",
    (field, value) => {
      const written = guest.call.write(field, value, guest.buffer(new Uint8Array(300)));
      expect(read(...guest.bytes(written))).toBe(`${field}=${value} ${field + 1}=#300`);
    },
  );

  test.each([
    [0n, 0, "0 0 false 0 0 0.0 0.0", "0 0"],
    [-1n, -7.25, "-1 -1 true 4294967295 18446744073709551615 -7.25 -7.25", "-1 -1"],
    [2n ** 31n, 0.5, "2147483648 2147483648 true 2147483648 2147483648 0.5 0.5", "-2147483648 2147483648"],
    [
      -(2n ** 63n),
      1e6,
      `${-(2n ** 63n)} ${-(2n ** 63n)} true 0 ${2n ** 63n} 1000000.0 1000000.0`,
      `0 ${-(2n ** 63n)}`,
    ],
  ])("that was written with all types of %i and %d reads the same", (integer, real, numbers, signed) => {
    const written = guest.call.writeAll(integer, real);
    const message = guest.buffer(guest.bytes(written));
    expect(guest.string(guest.call.readAll(message))).toBe(`${numbers} tëxt {1=#3 2=7} ${signed}`);
  });

  test("is written in the bytes that the encoding has for it", () => {
    const written = Buffer.from(guest.bytes(guest.call.writeAll(-2n, 1)));
    expect(written.toString("hex")).toBe(
      "08feffffffffffffffff01" +
        "1003" +
        "1801" +
        "25feffffff" +
        "29feffffffffffffff" +
        "350000803f" +
        "39000000000000f03f" +
        "420574c3ab7874" +
        "4a070a036b65791007" +
        "55feffffff" +
        "59feffffffffffffff",
    );
  });

  test.each([
    ["a number", 7.5, 2],
    ["not a number", Number.NaN, 0],
    ["infinite", -Infinity, 0],
  ])("of settings whose double is %s has a JSON value of its kind", (_, value, kind) => {
    const member = Buffer.from([0x0a, 14, 0x0a, 1, 0x61, 0x12, 9, 0x11, 0, 0, 0, 0, 0, 0, 0, 0]);
    member.writeDoubleLE(value, 8);
    expect(guest.call.kindOfFirst(guest.buffer(member))).toBe(kind);
  });

  test("of 100,000 generated ones, well-formed with hostile parts, none traps", () => {
    const random = new Random(7);
    const part = (): number[] =>
      random.pick([
        [random.below(256)],
        [0x0a, random.below(12)],
        [0x0a, 4, 0x0a, 0, 0x12, 0],
        [0x12, 2, 0x20, 1],
        [0x12, 2, 0x1a, random.below(4)],
        [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
        [0x2a, random.below(8)],
        [0x32, random.below(8)],
      ]);
    for (let i = 0; i < 100_000; i++) {
      const message = guest.buffer(random.list(random.below(8), part).flat());
      guest.call.read(message);
      guest.call.readAll(message);
      expect(guest.call.countMembers(message)).toBeGreaterThanOrEqual(0);
    }
  });
});
