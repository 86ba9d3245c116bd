import fc from "fast-check";
import { all } from "./bytes.ts";
import { hostile } from "./hostile.ts";
import { operation } from "./steps.ts";
import { bytesField, varint } from "./wire-format.ts";

type Layout = "varint" | "fixed32" | "fixed64";
/** What a field 1 has: one number, in the bytes that its layout has for it, or many. */
type Part = readonly [layout: Layout | "packed", bytes: string];

/** How a type of numbers is laid out, and what a varint of it becomes. */
interface Type {
  readonly layout: Layout;
  readonly rewritten: (value: bigint) => bigint;
}

const plain = (layout: Layout): Type => ({ layout, rewritten: (value) => value });
const varints = plain("varint");
const bools: Type = { layout: "varint", rewritten: (value) => (value === 0n ? 0n : 1n) };
const [of32, of64] = [plain("fixed32"), plain("fixed64")];

/** In the guest's order: varints, sints, bools, fixed, sfixed, float and double. */
const types: readonly Type[] = [varints, varints, bools, of32, of64, of32, of64, of32, of64];

const tags = { varint: "\x08", fixed32: "\x0d", fixed64: "\x09" };
const numbers = {
  varint: /[\x80-\xff]{0,9}[\0-\x7f]/gy,
  fixed32: /[^]{4}/gy,
  fixed64: /[^]{8}/gy,
};

const number = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(varint);
const fixed = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.nat({ max: 255 }), { minLength: length, maxLength: length })
    .map((bytes) => String.fromCharCode(...bytes));
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(
    fc.constant("packed" as const),
    fc.oneof(
      hostile,
      fc.array(number, { maxLength: 4 }).map((each) => each.join("")),
      fc.nat({ max: 3 }).chain((count) => fixed(8 * count)),
    ),
  ),
  fc.tuple(fc.constant("varint" as const), number),
  fc.tuple(fc.constant("fixed32" as const), fixed(4)),
  fc.tuple(fc.constant("fixed64" as const), fixed(8)),
);

const message = (parts: readonly Part[]): string =>
  parts
    .map(([layout, bytes]) => (layout === "packed" ? bytesField(1, bytes) : tags[layout] + bytes))
    .join("");

/** Repeated numbers are read as those of a type, and written again in packed form. */
export const packed = operation(
  "Reading.Packed",
  fc
    .tuple(fc.array(part, { maxLength: 4 }), fc.nat({ max: types.length - 1 }))
    .map(([parts, code]) => [message(parts), { code }, { model: repacked(parts, code) }] as const),
  ([, , { model }]) => model,
);

function repacked(parts: readonly Part[], type: number): string {
  const { layout, rewritten } = types[type] ?? varints;
  let found = "";
  for (const [own, bytes] of parts) {
    if (own !== layout && own !== "packed") continue;
    const numbers = numbersIn(bytes, layout);
    found += numbers.map((each) => (layout === "varint" ? varint(rewritten(valueOf(each))) : each)).join("");
    if (numbers.join("") !== bytes) return report(found, "malformed");
  }
  return report(found, "whole");
}

function report(numbers: string, end: string): string {
  return all([numbers === "" ? "" : bytesField(1, numbers), end]);
}

/** The numbers that stand one behind the other, as far as they are such. */
function numbersIn(bytes: string, layout: Layout): string[] {
  return [...(bytes.match(numbers[layout]) ?? [])];
}

function valueOf(bytes: string): bigint {
  const sevens = [...bytes].map((byte, i) => BigInt(byte.charCodeAt(0) & 0x7f) << BigInt(7 * i));
  return BigInt.asUintN(
    64,
    sevens.reduce((sum, each) => sum + each, 0n),
  );
}
