import type { DescField, DescMessage, FileRegistry } from "@bufbuild/protobuf";
import type { Report, Spot } from "../finding.ts";
import { described, flowText, lastOf, pathTo, type MapValue, type Value } from "../source/value.ts";
import { anyMessage } from "./any.ts";
import { checkConstraints } from "./constraints.ts";
import { checkDeprecation } from "./deprecation.ts";
import { fieldOf, reportUnknownField } from "./field-names.ts";
import { Message, type Node } from "./message.ts";
import { readEnum, readScalar } from "./scalars.ts";
import { isWellKnown, readWellKnown } from "./well-known.ts";

/** What the reading of one configuration has at hand. */
export interface Reading {
  readonly api: FileRegistry;
  /** The version of that API: `1.40`. */
  readonly version: string;
  readonly report: Report;
}

/** Where a value stands and what it belongs to. */
export interface Position {
  readonly path: string;
  readonly parent: Message | null;
  readonly key?: string | null;
}

/** Reads a value as a message, and reports everything that does not fit its type. Null when nothing can be read. */
export function readMessage(
  reading: Reading,
  desc: DescMessage,
  value: Value,
  position: Position,
): Node | null {
  if (desc.typeName === "google.protobuf.Any") return anyMessage(reading, value, position);
  if (isWellKnown(desc)) return readWellKnown(reading, desc, value, position);
  const spot = { path: position.path, place: value.place };
  if (value.kind !== "map") {
    reading.report(
      "wrong-type",
      spot,
      `${lastOf(position.path) || "this"} is a map of fields, and here is ${described(value)}`,
    );
    return null;
  }
  const message = new Message(desc, spot, position.parent, position.key ?? null);
  reportNeedlessType(reading.report, value, message);
  readFields(reading, message, value);
  return message;
}

function reportNeedlessType(report: Report, map: MapValue, { desc, spot }: Message): void {
  const entry = map.entries.find(({ key }) => key === "@type");
  if (entry === undefined) return;
  const message = `${desc.name} has no @type here: the type of this field is known`;
  report("unknown-field", { path: pathTo(spot.path, "@type"), place: entry.keyPlace }, message, "remove it");
}

/** Reads the fields of a map into a message, then holds the message against its constraints. */
export function readFields(reading: Reading, message: Message, map: MapValue): void {
  for (const { key, keyPlace, value } of map.entries) {
    const spot = { path: pathTo(message.spot.path, key), place: keyPlace ?? message.spot.place };
    if (key === "@type") continue;
    const field = fieldOf(message.desc, key);
    if (field === null) {
      message.hasUnknownKey = true;
      reportUnknownField(reading, message.desc, { key, spot });
    } else readField(reading, message, { field, value, spot });
  }
  checkConstraints(reading.report, message);
}

interface Given {
  readonly field: DescField;
  readonly value: Value;
  readonly spot: Spot;
}

function readField(reading: Reading, message: Message, { field, value, spot }: Given): void {
  if (isUnset(field, value)) return;
  if (isSetTwice(reading.report, message, field, spot)) return;
  checkDeprecation(reading, field, spot);
  const nodes = nodesOf(reading, message, { field, value, spot });
  message.fields.set(field.name, { desc: field, spot, nodes, count: written(value) });
}

function written(value: Value): number {
  if (value.kind === "list") return value.items.length;
  return value.kind === "map" ? value.entries.length : 1;
}

/** A null leaves a field unset, but for `google.protobuf.Value`, whose null is a value. */
function isUnset(field: DescField, value: Value): boolean {
  if (value.kind !== "scalar" || value.value !== null) return false;
  return !(field.fieldKind === "message" && field.message.typeName === "google.protobuf.Value");
}

function isSetTwice(report: Report, message: Message, field: DescField, spot: Spot): boolean {
  const same = message.fields.get(field.name);
  if (same !== undefined) {
    report(
      "duplicate-key",
      spot,
      `${field.name} is set twice, as ${field.name} and as ${field.jsonName}`,
      "keep one",
    );
    return true;
  }
  const other = field.oneof?.fields.find(({ name }) => message.has(name));
  if (other === undefined) return false;
  report(
    "oneof-conflict",
    spot,
    `only one of ${choices(field)} can be set, and ${other.name} is set already`,
    `remove ${other.name} or ${field.name}`,
  );
  return true;
}

function choices(field: DescField): string {
  return (field.oneof?.fields ?? []).map(({ name }) => name).join(", ");
}

function nodesOf(reading: Reading, message: Message, given: Given): Node[] {
  const { field, value, spot } = given;
  if (field.fieldKind === "map") return mapNodes(reading, message, given);
  if (field.fieldKind !== "list") {
    const position = { path: spot.path, parent: message };
    return present(nodeOf(reading, field, value, position));
  }
  if (value.kind !== "list") reportSingle(reading.report, given);
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item, i) => {
    const path = value.kind === "list" ? `${spot.path}[${i}]` : spot.path;
    return present(nodeOf(reading, field, item, { path, parent: message }));
  });
}

function reportSingle(report: Report, { field, value, spot }: Given): void {
  report(
    "single-value",
    { path: spot.path, place: value.place ?? spot.place },
    `${field.name} is a list, and here is ${described(value)}, which Envoy takes as a list of one`,
    value.kind === "scalar"
      ? `${field.name}: [${flowText(value.text)}]`
      : "write it as a list item: begin it with `- `",
  );
}

function mapNodes(reading: Reading, message: Message, { field, value, spot }: Given): Node[] {
  if (value.kind !== "map") {
    reading.report("wrong-type", spot, `${field.name} is a map, and here is ${described(value)}`);
    return [];
  }
  return value.entries.flatMap(({ key, value: inner }) => {
    const position = { path: `${spot.path}[${JSON.stringify(key)}]`, parent: message, key };
    return present(nodeOf(reading, field, inner, position));
  });
}

/** One value of a field: of a list's or a map's element where it is one. */
function nodeOf(reading: Reading, field: DescField, value: Value, position: Position): Node | null {
  const kind =
    field.fieldKind === "list" ? field.listKind : field.fieldKind === "map" ? field.mapKind : field.fieldKind;
  if (kind === "message" && field.message !== undefined)
    return readMessage(reading, field.message, value, position);
  if (kind === "enum" && field.enum !== undefined) return readEnum(reading, field.enum, value, position);
  return field.scalar === undefined ? null : readScalar(reading, field.scalar, value, position);
}

function present(node: Node | null): Node[] {
  return node === null ? [] : [node];
}
