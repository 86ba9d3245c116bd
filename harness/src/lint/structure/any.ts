import type { DescMessage } from "@bufbuild/protobuf";
import { envoyApi, knownApiVersions } from "../../envoy-api/descriptors.ts";
import { nearest } from "../../nearest.ts";
import type { Spot } from "../finding.ts";
import { described, pathTo, valueOf, type MapValue, type Value } from "../source/value.ts";
import { checkCategory } from "./categories.ts";
import { since } from "./field-names.ts";
import { Message, type Node } from "./message.ts";
import { readFields, readMessage, type Position, type Reading } from "./reader.ts";
import { isWellKnown } from "./well-known.ts";

const prefix = "type.googleapis.com/";

/** Reads a `google.protobuf.Any` as the message of its `@type`. Null when it has none, or one that is not known. */
export function anyMessage(reading: Reading, value: Value, position: Position): Node | null {
  if (value.kind !== "map") return untyped(reading, value, position);
  const url = urlOf(reading, value, position);
  if (url === null) return null;
  if (isTypedStruct(url.text)) return inStruct(reading, value, position);
  const type = namedType(reading, url.text, url.spot);
  if (type === null) return null;
  checkCategory(reading, type.typeName, url.spot, position.parent);
  if (isWellKnown(type)) return wrapped(reading, type, value, position);
  const message = messageAt(type, value, position);
  readFields(reading, message, value);
  return message;
}

function messageAt(type: DescMessage, { place }: MapValue, { path, parent, key = null }: Position): Message {
  return new Message(type, { path, place }, parent, key);
}

function isTypedStruct(url: string): boolean {
  return /\/(xds\.type\.v3|udpa\.type\.v1)\.TypedStruct$/.test(url);
}

/** The message of a JSON form that has its own field `value`: a StringValue is `{ "@type": …, value: … }`. */
function wrapped(reading: Reading, type: DescMessage, value: MapValue, position: Position): Node | null {
  const content = valueOf(value, "value");
  const message = messageAt(type, value, position);
  for (const { key, keyPlace } of value.entries.filter((one) => one.key !== "@type" && one.key !== "value"))
    reading.report(
      "unknown-field",
      { path: pathTo(position.path, key), place: keyPlace },
      `a ${type.name} beside its @type has only value, and no ${key}`,
      "did you mean value?",
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
function inStruct(reading: Reading, map: MapValue, position: Position): Node | null {
  const url = textAt(reading, map, { ...position, path: `${position.path}.type_url` }, [
    "type_url",
    "typeUrl",
  ]);
  const type = url === null ? null : namedType(reading, url.text, url.spot);
  if (url === null || type === null) return null;
  checkCategory(reading, type.typeName, url.spot, position.parent);
  const content = valueOf(map, "value") ?? { kind: "map", entries: [], place: map.place };
  return readMessage(reading, type, content, { ...position, path: `${position.path}.value` });
}

interface Url {
  readonly text: string;
  readonly spot: Spot;
}

function urlOf(reading: Reading, map: MapValue, position: Position): Url | null {
  if (valueOf(map, "@type") === null) return untyped(reading, map, position);
  return textAt(reading, map, { ...position, path: `${position.path}["@type"]` }, ["@type"]);
}

function textAt(reading: Reading, map: MapValue, { path }: Position, keys: readonly string[]): Url | null {
  const given = keys.map((key) => valueOf(map, key)).find((value) => value !== null);
  const spot = { path, place: given?.place ?? map.place };
  if (given?.kind === "scalar" && typeof given.value === "string") return { text: given.value, spot };
  const seen = given === undefined ? "nothing" : described(given);
  reading.report("wrong-type", spot, `${keys[0] ?? ""} is a text, and here is ${seen}`);
  return null;
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
