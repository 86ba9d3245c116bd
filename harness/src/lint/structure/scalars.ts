import { ScalarType, type DescEnum } from "@bufbuild/protobuf";
import { nearest } from "../../nearest.ts";
import { described, lastOf, type Scalar, type Value } from "../source/value.ts";
import { checkEnumDeprecation } from "./deprecation.ts";
import type { Leaf } from "./message.ts";
import type { Position, Reading } from "./reader.ts";

/** What a scalar of a type may be, and how its values are read: protobuf's JSON, as Envoy reads it. */
type Kind = "text" | "truth" | "integer" | "float" | "bytes";

const kinds: Readonly<Record<ScalarType, Kind>> = {
  [ScalarType.STRING]: "text",
  [ScalarType.BOOL]: "truth",
  [ScalarType.BYTES]: "bytes",
  [ScalarType.DOUBLE]: "float",
  [ScalarType.FLOAT]: "float",
  [ScalarType.INT32]: "integer",
  [ScalarType.SINT32]: "integer",
  [ScalarType.SFIXED32]: "integer",
  [ScalarType.UINT32]: "integer",
  [ScalarType.FIXED32]: "integer",
  [ScalarType.INT64]: "integer",
  [ScalarType.SINT64]: "integer",
  [ScalarType.SFIXED64]: "integer",
  [ScalarType.UINT64]: "integer",
  [ScalarType.FIXED64]: "integer",
};

const unsigned: ReadonlySet<ScalarType> = new Set([
  ScalarType.UINT32,
  ScalarType.FIXED32,
  ScalarType.UINT64,
  ScalarType.FIXED64,
]);
const long: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT64,
  ScalarType.SINT64,
  ScalarType.SFIXED64,
  ScalarType.UINT64,
  ScalarType.FIXED64,
]);

/** Reads a scalar. Null when it is of another type, which is reported. */
export function readScalar(
  reading: Reading,
  type: ScalarType,
  value: Value,
  position: Position,
): Leaf | null {
  if (value.kind !== "scalar" || value.value === null) return mismatch(reading, kinds[type], value, position);
  const kind = kinds[type];
  if (kind === "integer") return readInteger(reading, type, value, position);
  const read = readers[kind](value);
  return read === null ? mismatch(reading, kind, value, position) : leaf(read, value, position);
}

/** A leaf that stands where a value does. */
export function leaf(read: Leaf["value"], value: Value, { path, key = null }: Position): Leaf {
  return { kind: "leaf", value: read, key, spot: { path, place: value.place } };
}

const readers: Readonly<Record<Exclude<Kind, "integer">, (value: Scalar) => Leaf["value"]>> = {
  text: ({ value }) => (typeof value === "string" ? value : null),
  truth: ({ value }) => (typeof value === "boolean" ? value : (truths.get(value) ?? null)),
  bytes: ({ value }) => (typeof value === "string" && isBase64(value) ? value : null),
  float: ({ value }) => (typeof value === "boolean" ? null : floatOf(value)),
};
const truths: ReadonlyMap<unknown, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

function floatOf(value: string | number | null): number | null {
  if (typeof value === "number") return value;
  if (value === null || value.trim() === "") return null;
  const number = Number(value);
  return Number.isNaN(number) && value !== "NaN" ? null : number;
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text);
}

function readInteger(reading: Reading, type: ScalarType, value: Scalar, position: Position): Leaf | null {
  const number = typeof value.value === "boolean" ? null : floatOf(value.value);
  if (number === null) return mismatch(reading, "integer", value, position);
  const spot = { path: position.path, place: value.place };
  if (!Number.isInteger(number)) {
    reading.report("wrong-type", spot, `${value.text} is no integer`, `${Math.round(number)}`);
    return null;
  }
  const [least, most] = limits(type);
  const exact = /^-?\d+$/.test(value.text) ? BigInt(value.text) : BigInt(number);
  if (exact >= least && exact <= most) return leaf(number, value, position);
  reading.report("number-range", spot, `${value.text} is out of range: ${least} to ${most}`);
  return null;
}

function limits(type: ScalarType): [bigint, bigint] {
  const bits = long.has(type) ? 64n : 32n;
  return unsigned.has(type) ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

const wanted: Readonly<Record<Kind, string>> = {
  text: "a text",
  truth: "true or false",
  integer: "an integer",
  float: "a number",
  bytes: "bytes in base64",
};

function mismatch(reading: Reading, kind: Kind, value: Value, { path, key }: Position): null {
  const name = key ?? lastOf(path);
  const spot = { path, place: value.place };
  const message = `${name} is ${wanted[kind]}, and here is ${described(value)}`;
  reading.report("wrong-type", spot, message, remedy(kind, value));
  return null;
}

function remedy(kind: Kind, value: Value): string | null {
  if (value.kind !== "scalar" || value.value === null) return null;
  if (kind === "text") return `quote it: "${value.text}"`;
  if (kind !== "truth" || typeof value.value !== "string") return null;
  return (
    { enabled: "true", enable: "true", "1": "true", disabled: "false", disable: "false", "0": "false" }[
      value.value.toLowerCase()
    ] ?? null
  );
}

/** Reads a value of an enum, by name or number. Null when there is none, which is reported with the nearest name. */
export function readEnum(reading: Reading, desc: DescEnum, value: Value, position: Position): Leaf | null {
  const spot = { path: position.path, place: value.place };
  if (value.kind !== "scalar" || value.value === null || typeof value.value === "boolean") {
    reading.report(
      "wrong-type",
      spot,
      `${desc.name} is one of ${names(desc)}, and here is ${described(value)}`,
    );
    return null;
  }
  const number = floatOf(value.value);
  const name = String(value.value).toUpperCase(); // Envoy takes names in any case
  const found = desc.values.find((one) => one.name.toUpperCase() === name || one.number === number);
  if (found !== undefined) {
    checkEnumDeprecation(reading, found, spot);
    return leaf(found.name, value, position);
  }
  if (number !== null) return leaf(number, value, position); // an open enum: only a constraint refuses it
  reportUnknownValue(reading, desc, value.text, position, value);
  return null;
}

function reportUnknownValue(
  { report }: Reading,
  desc: DescEnum,
  text: string,
  { path }: Position,
  { place }: Value,
): void {
  const known = desc.values.map(({ name }) => name);
  const close = nearest(text.toUpperCase(), known);
  const hint = close === null ? `one of ${names(desc)}` : `did you mean ${close}?`;
  report("unknown-enum-value", { path, place }, `${desc.name} has no value ${JSON.stringify(text)}`, hint);
}

function names(desc: DescEnum): string {
  return desc.values.map(({ name }) => name).join(", ");
}
