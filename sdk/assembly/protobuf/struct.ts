import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";
import { LARGEST_INTEGER } from "../json/numbers";
import { JsonKind, JsonValue } from "../json/value";
import { ProtobufReader } from "./reader";

/** A value of a message has no line. */
const NO_LINE = 0;

/** Field numbers of google.protobuf.Value. */
enum Field {
  Number = 2,
  String = 3,
  Bool = 4,
  Struct = 5,
  List = 6,
}

/** The settings of a namespace in an `envoy.config.core.v3.Metadata`, as a google.protobuf.Struct; null when absent. */
export function findNamespace(metadata: Bytes, namespace: Bytes): Bytes | null {
  const reader = new ProtobufReader(metadata);
  while (reader.next()) {
    if (reader.field != 1) continue;
    const entry = new MapEntry(reader.bytes);
    if (entry.key.equals(namespace)) return entry.value;
  }
  return null;
}

/** A google.protobuf.Struct as a JSON object; the fields stand in the host's order, which is none. */
export function readStruct(struct: Bytes): JsonValue {
  const object = new JsonValue(JsonKind.Object, NO_LINE);
  const reader = new ProtobufReader(struct);
  while (reader.next()) {
    if (reader.field != 1) continue;
    const entry = new MapEntry(reader.bytes);
    const value = readValue(entry.value);
    value.key = entry.key;
    object.append(value);
  }
  return object;
}

/** An entry of a map, which is a message of key and value. */
class MapEntry {
  key: Bytes = Bytes.EMPTY;
  value: Bytes = Bytes.EMPTY;

  constructor(message: Bytes) {
    const reader = new ProtobufReader(message);
    while (reader.next()) {
      if (reader.field == 1) this.key = reader.bytes;
      else if (reader.field == 2) this.value = reader.bytes;
    }
  }
}

function readValue(message: Bytes): JsonValue {
  const reader = new ProtobufReader(message);
  if (!reader.next()) return new JsonValue(JsonKind.Null, NO_LINE);
  switch (reader.field) {
    case Field.Number:
      return readNumber(reader.double);
    case Field.String:
      return scalar(JsonKind.String, reader.bytes);
    case Field.Bool:
      return scalar(JsonKind.Boolean, Bytes.fromString(reader.number == 0 ? "false" : "true"));
    case Field.Struct:
      return readStruct(reader.bytes);
    case Field.List:
      return readList(reader.bytes);
    default:
      return new JsonValue(JsonKind.Null, NO_LINE);
  }
}

function readList(message: Bytes): JsonValue {
  const list = new JsonValue(JsonKind.Array, NO_LINE);
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.field == 1) list.append(readValue(reader.bytes));
  }
  return list;
}

function scalar(kind: JsonKind, text: Bytes): JsonValue {
  const value = new JsonValue(kind, NO_LINE);
  value.text = text;
  return value;
}

/** Stands for all numbers with a fraction: no getter reads them, and digits of a double take 3 KiB of code and tables. */
// @ts-ignore: decorator
@lazy
const FRACTION = "0.5";

/** A Struct has doubles only; whole ones are written without a point, and what JSON has no number for is null. */
function readNumber(value: f64): JsonValue {
  if (!isFinite(value)) return new JsonValue(JsonKind.Null, NO_LINE);
  const isWhole = value == Math.trunc(value) && Math.abs(value) <= <f64>LARGEST_INTEGER;
  const text = isWhole ? decimal(<i64>value) : FRACTION;
  return scalar(JsonKind.Number, Bytes.fromString(text));
}
