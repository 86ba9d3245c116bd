import { ScalarType, type DescMessage } from "@bufbuild/protobuf";
import { described, type Value } from "../source/value.ts";
import type { Leaf } from "./message.ts";
import { Message, type Node } from "./message.ts";
import type { Position, Reading } from "./reader.ts";
import { leaf, readScalar } from "./scalars.ts";

type Read = (reading: Reading, desc: DescMessage, value: Value, position: Position) => Node | null;

/** The types to which protobuf's JSON gives a form of their own. */
const wellKnown: Readonly<Record<string, Read>> = {
  "google.protobuf.Duration": readDuration,
  "google.protobuf.Timestamp": readTimestamp,
  "google.protobuf.Struct": readStruct,
  "google.protobuf.Value": (_, __, value, position) => leaf(null, value, position),
  "google.protobuf.ListValue": (_, __, value, position) => leaf(null, value, position),
  "google.protobuf.FieldMask": (reading, _, value, position) =>
    readScalar(reading, ScalarType.STRING, value, position),
  "google.protobuf.StringValue": wrapper(ScalarType.STRING),
  "google.protobuf.BytesValue": wrapper(ScalarType.BYTES),
  "google.protobuf.BoolValue": wrapper(ScalarType.BOOL),
  "google.protobuf.Int32Value": wrapper(ScalarType.INT32),
  "google.protobuf.UInt32Value": wrapper(ScalarType.UINT32),
  "google.protobuf.Int64Value": wrapper(ScalarType.INT64),
  "google.protobuf.UInt64Value": wrapper(ScalarType.UINT64),
  "google.protobuf.FloatValue": wrapper(ScalarType.FLOAT),
  "google.protobuf.DoubleValue": wrapper(ScalarType.DOUBLE),
};

/** Whether a type is written in another way than as a map of its fields. */
export function isWellKnown({ typeName }: DescMessage): boolean {
  return Object.hasOwn(wellKnown, typeName);
}

/** Reads a value of such a type. Null when it does not fit, which is reported. */
export function readWellKnown(
  reading: Reading,
  desc: DescMessage,
  value: Value,
  position: Position,
): Node | null {
  return wellKnown[desc.typeName]?.(reading, desc, value, position) ?? null;
}

/** Envoy also takes the old form `{ value: 5 }`. */
function wrapper(type: ScalarType): Read {
  return (reading, _, value, position) => {
    const [entry, ...more] = value.kind === "map" ? value.entries : [];
    const isOldForm = entry?.key === "value" && more.length === 0;
    return readScalar(reading, type, isOldForm ? entry.value : value, position);
  };
}

const mostSeconds = 315_576_000_000;

function readDuration({ report }: Reading, _: DescMessage, value: Value, position: Position): Leaf | null {
  const spot = { path: position.path, place: value.place };
  const text = value.kind === "scalar" && typeof value.value === "string" ? value.value : null;
  const [, seconds] = /^(-?\d+(?:\.\d{1,9})?)s$/.exec(text ?? "") ?? [];
  if (seconds === undefined) {
    report(
      "duration",
      spot,
      `a duration is written in seconds, as 1.5s, and here is ${described(value)}`,
      inSeconds(value),
    );
    return null;
  }
  if (Math.abs(Number(seconds)) <= mostSeconds) return leaf(Number(seconds), value, position);
  report("number-range", spot, `${text ?? ""} is out of range: ${mostSeconds}s is the most`);
  return null;
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  ms: 0.001,
  us: 1e-6,
  ns: 1e-9,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86400,
};

/** What was meant by `500ms`, `5m` or a bare number; null when that cannot be told. */
function inSeconds(value: Value): string | null {
  const [, number = "", unit = ""] =
    /^(-?\d+(?:\.\d+)?) ?([a-z]*)$/.exec(value.kind === "scalar" ? value.text : "") ?? [];
  const factor = units[unit];
  if (number === "" || factor === undefined) return null;
  return `${Number((Number(number) * factor).toFixed(9))}s`;
}

function readTimestamp(reading: Reading, _: DescMessage, value: Value, position: Position): Leaf | null {
  const text = readScalar(reading, ScalarType.STRING, value, position);
  if (
    text === null ||
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(String(text.value))
  )
    return text;
  const message = `${String(text.value)} is no time as in RFC 3339`;
  reading.report("wrong-type", text.spot, message, "2026-01-31T12:00:00Z");
  return null;
}

/** A Struct takes any map; its content is not typed. */
function readStruct(
  { report }: Reading,
  desc: DescMessage,
  value: Value,
  position: Position,
): Message | null {
  const spot = { path: position.path, place: value.place };
  if (value.kind === "map") return new Message(desc, spot, position.parent, position.key ?? null);
  report("wrong-type", spot, `a Struct is a map, and here is ${described(value)}`);
  return null;
}
