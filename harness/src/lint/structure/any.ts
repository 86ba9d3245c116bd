import type { DescMessage } from "@bufbuild/protobuf";
import { envoyApi, knownApiVersions } from "../../envoy-api/descriptors.ts";
import { nearest } from "../../nearest.ts";
import type { Spot } from "../finding.ts";
import { described, valueOf, type MapValue, type Value } from "../source/value.ts";
import { checkCategory } from "./categories.ts";
import { since } from "./field-names.ts";
import { Message, type Node } from "./message.ts";
import { readFields, readMessage, type Position, type Reading } from "./reader.ts";
import { isWellKnown } from "./well-known.ts";

const prefix = "type.googleapis.com/";
const typedStructs: ReadonlySet<string> = new Set(["xds.type.v3.TypedStruct", "udpa.type.v1.TypedStruct"]);

/** Reads a `google.protobuf.Any` as the message of its `@type`. Null when it has none, or one that is not known. */
export function anyMessage(reading: Reading, value: Value, position: Position): Node | null {
  if (value.kind !== "map") return untyped(reading, value, position);
  const type = typeOf(reading, value, position);
  if (type === null) return null;
  checkCategory(
    reading,
    type.typeName,
    { path: position.path, place: valueOf(value, "@type")?.place ?? value.place },
    position.parent,
  );
  if (isWellKnown(type)) return wrapped(reading, type, value, position);
  const message = new Message(
    type,
    { path: position.path, place: value.place },
    position.parent,
    position.key ?? null,
  );
  readFields(reading, message, value);
  return typedStructs.has(type.typeName) ? (inStruct(reading, value, position) ?? message) : message;
}

/** The message of a JSON form that has its own field `value`: a StringValue is `{ "@type": …, value: … }`. */
function wrapped(reading: Reading, type: DescMessage, value: MapValue, position: Position): Node | null {
  const content = valueOf(value, "value");
  const message = new Message(
    type,
    { path: position.path, place: value.place },
    position.parent,
    position.key ?? null,
  );
  if (content === null) return message;
  const path = `${position.path}.value`;
  const node = readMessage(reading, type, content, { path, parent: message });
  const [field] = type.fields;
  if (node !== null && field !== undefined)
    message.fields.set("value", { desc: field, spot: node.spot, nodes: [node], count: 1 });
  return message;
}

/** What a TypedStruct holds, read as the type that it names. */
function inStruct(reading: Reading, value: MapValue, position: Position): Node | null {
  const url = valueOf(value, "type_url") ?? valueOf(value, "typeUrl");
  const content = valueOf(value, "value");
  if (url?.kind !== "scalar" || content === null) return null;
  const type = reading.api.getMessage(url.text.slice(url.text.lastIndexOf("/") + 1));
  return type === undefined
    ? null
    : readMessage(reading, type, content, { ...position, path: `${position.path}.value` });
}

function typeOf(reading: Reading, map: MapValue, position: Position): DescMessage | null {
  const given = valueOf(map, "@type");
  if (given === null) {
    untyped(reading, map, position);
    return null;
  }
  const spot = { path: `${position.path}["@type"]`, place: given.place };
  if (given.kind !== "scalar" || typeof given.value !== "string") {
    reading.report("wrong-type", spot, `@type is a text, and here is ${described(given)}`);
    return null;
  }
  return namedType(reading, given.value, spot);
}

/** The message type of a type URL; null when there is none, which is reported with the nearest one. */
export function namedType(reading: Reading, url: string, spot: Spot): DescMessage | null {
  const name = url.slice(url.lastIndexOf("/") + 1);
  if (!/^[^/]+\//.test(url)) {
    const message = `@type is a type URL with a host, and ${JSON.stringify(url)} has none`;
    reading.report("unknown-type", spot, message, prefix + name);
  }
  const type = reading.api.getMessage(name);
  if (type === undefined) reportUnknownType(reading, name, spot);
  return type ?? null;
}

function reportUnknownType({ report, api, version }: Reading, name: string, spot: Spot): void {
  const versions = knownApiVersions().filter((other) => envoyApi(other).getMessage(name) !== undefined);
  if (versions.length > 0) {
    report("not-in-version", spot, `Envoy ${version} has no type ${name}: ${since(versions)}`);
    return;
  }
  const known = [...api].filter((desc) => desc.kind === "message").map(({ typeName }) => typeName);
  const close = sameNameElsewhere(name, known) ?? nearest(name, similar(name, known));
  if (close !== null) {
    report("unknown-type", spot, `Envoy ${version} has no type ${name}`, `did you mean ${prefix}${close}?`);
    return;
  }
  if (/^envoy\..*\.v2(alpha\d*)?\./.test(name)) {
    report(
      "unknown-type",
      spot,
      `${name} is of the v2 API, which Envoy no longer has`,
      "the type of v3 that replaced it",
    );
    return;
  }
  report(
    "unchecked-type",
    spot,
    `${name} is not in the API of Envoy ${version}, so nothing inside of it was checked`,
    "an extension of your own build needs nothing; one of Envoy's contrib extensions needs the contrib image",
  );
}

/** The type of v3 for a name of v2, and for a right name in a wrong package: the one that shares most of its words. */
function sameNameElsewhere(name: string, known: readonly string[]): string | null {
  const words = new Set(wordsOf(name));
  const shared = (other: string): number => wordsOf(other).filter((word) => words.has(word)).length;
  const simple = name.slice(name.lastIndexOf("."));
  const same = known.filter(
    (other) => name.startsWith("envoy.") && other.endsWith(simple) && shared(other) >= 3,
  );
  const [best, second] = same.sort((a, b) => shared(b) - shared(a));
  if (best === undefined) return null;
  return second === undefined || shared(second) < shared(best) ? best : null;
}

function wordsOf(name: string): string[] {
  return name.split(/[._]/).filter((word) => !/^(envoy|config|extensions|filters?|v\d.*)$/.test(word));
}

/** A cheap look before the distance is computed: most of a mistyped name is right. */
function similar(name: string, known: readonly string[]): string[] {
  const isLike = (other: string): boolean =>
    Math.abs(other.length - name.length) <= 4 &&
    sameStart(other, name) + sameEnd(other, name) >= name.length - 6;
  return known.filter(isLike);
}

function sameStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function sameEnd(a: string, b: string): number {
  return sameStart([...a].reverse().join(""), [...b].reverse().join(""));
}

function untyped({ report }: Reading, value: Value, { path, parent }: Position): null {
  const spot = { path, place: value.place };
  const isConfiguration =
    parent?.type === "envoy.extensions.wasm.v3.PluginConfig" ||
    parent?.type === "envoy.extensions.wasm.v3.VmConfig";
  if (isConfiguration && path.endsWith(".configuration")) {
    report(
      "missing-type",
      spot,
      "configuration has no @type, without which Envoy does not know what it is",
      wrapping(value),
    );
    return null;
  }
  const name = parent?.text("name") ?? null;
  const hint = name === null ? null : typeHint(name);
  report(
    "missing-type",
    spot,
    `${described(value)} has no @type`,
    hint ?? `add "@type": ${prefix}… as its first key`,
  );
  return null;
}

/** How a plugin's configuration is written: text reaches the filter as it is, a map as JSON. */
function wrapping(value: Value): string {
  return value.kind === "map"
    ? `wrap it, so that the filter gets it as JSON: { "@type": ${prefix}google.protobuf.Struct, value: { … } }`
    : `wrap it: { "@type": ${prefix}google.protobuf.StringValue, value: … }`;
}

/** The types of an extension, from the name that it is usually given: `envoy.filters.http.router`. */
export function typeHint(name: string): string | null {
  const [, rest] = /^envoy\.((?:filters|access_loggers|transport_sockets)\..+)$/.exec(name) ?? [];
  return rest === undefined ? null : `"@type": ${prefix}envoy.extensions.${rest}.v3.${typeName(rest)}`;
}

function typeName(rest: string): string {
  const last = rest.slice(rest.lastIndexOf(".") + 1);
  return last
    .split("_")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}
