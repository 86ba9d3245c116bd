import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";
import { Random } from "./random.ts";

interface ProtobufModule {
  readRepeated(type: number, message: number): number;
  writeRepeated(type: number, message: number): number;
}

/** In the guest's order. */
const types = [
  "varints",
  "sints",
  "bools",
  "fixed32s",
  "fixed64s",
  "sfixed32s",
  "sfixed64s",
  "floats",
  "doubles",
] as const;
type Type = (typeof types)[number];

let guest: Guest<ProtobufModule>;

beforeAll(async () => {
  guest = await loadModule<ProtobufModule>("protobuf");
});

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");
const numbersOf = (type: Type, hex: string): string =>
  guest.string(guest.call.readRepeated(types.indexOf(type), guest.buffer(bytesOf(hex))));
const writtenAgain = (type: Type, hex: string): string => {
  const message = guest.call.writeRepeated(types.indexOf(type), guest.buffer(bytesOf(hex)));
  return Buffer.from(guest.bytes(message)).toString("hex");
};

/** Messages as @bufbuild/protobuf writes them: field 1, packed. */
// A table: one line a message.
// prettier-ignore
const messages: readonly (readonly [type: Type, hex: string, numbers: string])[] = [
  ["varints", "0a 06 03 8e02 9ea705", "3 270 86942"], // the example of protobuf.dev
  ["varints", "0a 0b 01 ffffffffffffffffff01", "1 18446744073709551615"],
  ["sints", "0a 04 00 01 02 03", "0 -1 1 -2"],
  ["sints", "0a 0a feffffff0f ffffffff0f", "2147483647 -2147483648"],
  ["sints", "0a 14 feffffffffffffffff01 ffffffffffffffffff01", "9223372036854775807 -9223372036854775808"],
  ["bools", "0a 03 01 00 01", "true false true"],
  ["fixed32s", "0a 08 01000000 ffffffff", "1 4294967295"],
  ["fixed64s", "0a 10 0100000000000000 ffffffffffffffff", "1 18446744073709551615"],
  ["sfixed32s", "0a 08 01000000 ffffffff", "1 -1"],
  ["sfixed64s", "0a 10 0100000000000000 ffffffffffffffff", "1 -1"],
  ["floats", "0a 08 0000803f 0000e8c0", "1.0 -7.25"],
  ["doubles", "0a 10 000000000000f03f 0000000000001dc0", "1.0 -7.25"],
];

describe("repeated numbers", () => {
  test.each(messages)("that are %s, packed, are read from %s", (type, hex, numbers) => {
    expect(numbersOf(type, hex)).toBe(numbers);
  });

  test.each(messages)("that are %s are written as %s", (type, hex) => {
    expect(writtenAgain(type, hex)).toBe(hex.replaceAll(" ", ""));
  });

  // A table: one line a message.
  // prettier-ignore
  test.each([
    ["varints", "08 01 08 9601", "1 150"],
    ["sints", "08 01 08 02", "-1 1"],
    ["bools", "08 01 08 00", "true false"],
    ["fixed32s", "0d 01000000 0d ffffffff", "1 4294967295"],
    ["fixed64s", "09 0100000000000000", "1"],
    ["sfixed32s", "0d ffffffff", "-1"],
    ["sfixed64s", "09 ffffffffffffffff", "-1"],
    ["floats", "0d 0000803f", "1.0"],
    ["doubles", "09 000000000000f03f", "1.0"],
  ] as const)("that are %s, one by one, are read from %s", (type, hex, numbers) => {
    expect(numbersOf(type, hex)).toBe(numbers);
  });

  // A table: one line a message.
  // prettier-ignore
  test.each([
    ["packed and alone in turn", "varints", "0a 01 01 08 02 0a 01 03", "1 2 3"],
    ["packed, of none", "varints", "0a 00", ""],
    ["in a bool that is no 0 and no 1", "bools", "0a 04 02 8001 00", "true true false"],
    ["of another type", "varints", "0d 01000000 08 05", "5"],
    ["of another length", "fixed32s", "09 0100000000000000 0d 05000000", "5"],
    ["truncated", "varints", "0a 02 01 96 08 05", "1 !"],
    ["of eleven bytes", "sints", "0a 0c 02 ffffffffffffffffffff 01 08 02", "1 !"],
    ["of a length that no numbers have", "fixed32s", "0a 06 01000000 0200 0d 05000000", "1 !"],
    ["of less than one number", "doubles", "0a 07 00000000000000", " !"],
    ["of more bytes than there are", "floats", "0a 08 0000803f", " !"],
  ] as const)("%s", (_, type, hex, numbers) => {
    expect(numbersOf(type, hex)).toBe(numbers);
  });

  test.each(types)("that are %s, of none, are not written", (type) => {
    expect(writtenAgain(type, "")).toBe("");
  });

  test("are written in any number", () => {
    const numbers = Buffer.alloc(4 * 5_000);
    for (let i = 0; i < 5_000; i++) numbers.writeUInt32LE(i * 3, 4 * i);
    const hex = `0aa09c01${numbers.toString("hex")}`;
    expect(writtenAgain("fixed32s", hex)).toBe(hex);
  });

  test("of 20,000 generated messages, well-formed with hostile parts, trap with none", () => {
    const random = new Random(11);
    const part = (): number[] => {
      const length = random.below(20);
      const bytes = Array.from({ length }, () => random.below(256));
      return [
        random.pick([0x08, 0x09, 0x0a, 0x0d, 0x0a, 0x0a]),
        random.pick([length, length, random.below(256)]),
        ...bytes,
      ];
    };
    for (let i = 0; i < 20_000; i++) {
      const message = guest.buffer(random.list(random.below(5), part).flat());
      for (let type = 0; type < types.length; type++) {
        guest.call.readRepeated(type, message);
        guest.call.writeRepeated(type, message);
      }
    }
  });
});
