import { Bytes, Configuration, JsonArray, JsonObject } from "as-proxy-wasm";
import { readDocument } from "as-proxy-wasm/assembly/json/document";
import { parseInteger } from "as-proxy-wasm/assembly/json/numbers";
import { JsonKind, JsonValue } from "as-proxy-wasm/assembly/json/value";
import { ProtobufReader } from "as-proxy-wasm/assembly/protobuf/reader";
import { findNamespace, readStruct } from "as-proxy-wasm/assembly/protobuf/struct";
import { repack } from "../../../sdk/modules/packed";
import { Script } from "./script";

enum ReadingOp {
  Json,
  Integer,
  Protobuf,
  Packed,
  Metadata,
  Configuration,
}

enum MemberGetter {
  Has,
  Bytes,
  BytesOr,
  StringOr,
  Boolean,
  BooleanOr,
  Integer,
  IntegerOr,
  OneOf,
  OneOfOr,
  OneKeyOf,
  Object,
  Array,
  ArrayOrEmpty,
  Refuse,
}

enum ElementGetter {
  Object,
  Array,
  String,
  Refuse,
}

export function runReadingOp(script: Script): void {
  const op = script.code();
  const text = script.bytes();
  switch (op) {
    case ReadingOp.Json: {
      const document = readDocument(text);
      return script.sayText(document.problem === null ? written(document.root) : "refused");
    }
    case ReadingOp.Integer:
      return script.sayNumber(parseInteger(text));
    case ReadingOp.Protobuf:
      return sayMessage(script, text);
    case ReadingOp.Packed: {
      const repacked = repack(script.code(), text);
      const end = Bytes.fromString(repacked.isMalformed ? "malformed" : "whole");
      return script.sayAll([repacked.message, end]);
    }
    case ReadingOp.Metadata: {
      const struct = findNamespace(text, script.bytes());
      return script.sayText(struct === null ? "null" : written(readStruct(struct)));
    }
    default: {
      const recipe = new Recipe(new Script(script.bytes()));
      const problem = recipe.accept(text);
      recipe.results.push(Bytes.fromString(problem === null ? "accepted" : "refused"));
      return script.sayAll(recipe.results);
    }
  }
}

/** A configuration that is read by whatever getters the script names. */
class Recipe extends Configuration {
  readonly results: Bytes[] = [];

  constructor(private readonly script: Script) {
    super();
  }

  read(json: JsonObject): void {
    while (this.script.next()) this.readMember(json, this.script);
  }

  private readMember(json: JsonObject, script: Script): void {
    const getter = script.code();
    const key = script.text8();
    const least = script.int();
    const most = script.int();
    const nested = new Script(script.bytes());
    if (getter == MemberGetter.Object) return this.readMembers(json.object(key), nested);
    if (getter == MemberGetter.Array) return this.readElements(json.array(key), nested);
    if (getter == MemberGetter.ArrayOrEmpty) return this.readElements(json.arrayOrEmpty(key), nested);
    if (getter == MemberGetter.Refuse) return json.refuse(key, "is refused");
    this.results.push(scalar(json, getter, key, least, most));
  }

  private readMembers(json: JsonObject, script: Script): void {
    while (script.next()) this.readMember(json, script);
  }

  private readElements(json: JsonArray, script: Script): void {
    this.results.push(Bytes.fromInteger(json.length));
    while (script.next()) this.readElement(json, script);
  }

  private readElement(json: JsonArray, script: Script): void {
    const getter = script.code();
    const index = script.int();
    const nested = new Script(script.bytes());
    if (getter == ElementGetter.Object) return this.readMembers(json.object(index), nested);
    if (getter == ElementGetter.Array) return this.readElements(json.array(index), nested);
    if (getter == ElementGetter.Refuse) return json.refuse("is refused");
    this.results.push(Bytes.fromString(json.string(index)));
  }
}

function scalar(json: JsonObject, getter: i32, key: string, least: i32, most: i32): Bytes {
  switch (getter) {
    case MemberGetter.Has:
      return Bytes.fromInteger(json.has(key));
    case MemberGetter.Bytes:
      return json.bytes(key);
    case MemberGetter.BytesOr:
      return json.bytesOr(key, Bytes.fromString("or"));
    case MemberGetter.StringOr:
      return Bytes.fromString(json.stringOr(key, "or"));
    case MemberGetter.Boolean:
      return Bytes.fromInteger(json.boolean(key));
    case MemberGetter.BooleanOr:
      return Bytes.fromInteger(json.booleanOr(key, true));
    case MemberGetter.Integer:
      return Bytes.fromInteger(json.integer(key, least, most));
    case MemberGetter.IntegerOr:
      return Bytes.fromInteger(json.integerOr(key, least, most, 7));
    case MemberGetter.OneOf:
      return Bytes.fromInteger(json.oneOf(key, ["refuse", "first", "every"]));
    case MemberGetter.OneOfOr:
      return Bytes.fromInteger(json.oneOfOr(key, ["refuse", "first", "every"], 2));
    default:
      return Bytes.fromInteger(json.oneKeyOf(least < 0 ? ["exact", key] : ["exact", "prefix", key]));
  }
}

function sayMessage(script: Script, message: Bytes): void {
  const reader = new ProtobufReader(message);
  const all: Bytes[] = [];
  while (reader.next()) {
    all.push(Bytes.fromInteger(reader.field));
    all.push(Bytes.fromInteger(<i64>reader.number));
    all.push(reader.bytes);
  }
  all.push(Bytes.fromString(reader.isMalformed ? "malformed" : "whole"));
  script.sayAll(all);
}

/** A value as JSON, with each string in hexadecimal behind an x. */
function written(value: JsonValue): string {
  if (value.kind == JsonKind.String) return quoted(value.text);
  if (value.kind < JsonKind.Array) return value.text.length == 0 ? "null" : value.text.toString();
  const texts: string[] = [];
  let child = value.first;
  while (child !== null) {
    texts.push(value.kind == JsonKind.Array ? written(child) : quoted(child.key) + ":" + written(child));
    child = child.next;
  }
  return value.kind == JsonKind.Array ? "[" + texts.join(",") + "]" : "{" + texts.join(",") + "}";
}

function quoted(text: Bytes): string {
  let written = '"x';
  for (let i = 0; i < text.length; i++) written += text[i].toString(16).padStart(2, "0");
  return written + '"';
}
