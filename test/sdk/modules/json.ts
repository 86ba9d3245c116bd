import { Bytes, Configuration, JsonObject } from "as-proxy-wasm";
import { meetings } from "as-proxy-wasm/assembly/json/duplicates";
import { JsonParser } from "as-proxy-wasm/assembly/json/parser";
import { parseInteger } from "as-proxy-wasm/assembly/json/numbers";
import { comparisons } from "as-proxy-wasm/assembly/json/suggestion";
import { JsonKind, JsonValue } from "as-proxy-wasm/assembly/json/value";

/** A parsed text written again as JSON, every character of a string as an escape; else `!<line>: <reason>`. */
export function parse(text: ArrayBuffer): string {
  const parser = new JsonParser(Bytes.fromBuffer(text));
  const value = parser.parse();
  if (value !== null) return write(value);
  return "!" + parser.line.toString() + ": " + parser.reason();
}

export function integer(text: ArrayBuffer): i64 {
  return parseInteger(Bytes.fromBuffer(text));
}

/** Reads a text as the configuration below does; the problem, or nothing. */
export function configure(text: ArrayBuffer): string | null {
  return new SampleConfiguration().accept(Bytes.fromBuffer(text));
}

/** How many keys were compared with one that met them in a table, since the module began. */
export function keysMet(): i32 {
  return meetings;
}

/** How many words were compared for a suggestion, since the module began. */
export function wordsCompared(): i32 {
  return comparisons;
}

class SampleConfiguration extends Configuration {
  read(json: JsonObject): void {
    const rules = json.array("rules");
    for (let i = 0; i < rules.length; i++) {
      const rule = rules.object(i);
      rule.string("header");
      rule.booleanOr("invert", false);
      rule.stringOr("leader", "");
    }
    json.oneOfOr("repeated", ["refuse", "first"], 0);
    if (json.has("by")) json.object("by").oneKeyOf(["exact", "prefix"]);
    json.integerOr("limit", 1, 1000, 10);
  }
}

function write(value: JsonValue): string {
  switch (value.kind) {
    case JsonKind.Null:
      return "null";
    case JsonKind.Boolean:
    case JsonKind.Number:
      return value.text.toString();
    case JsonKind.String:
      return quote(value.text);
    case JsonKind.Array:
      return "[" + writeChildren(value) + "]";
    default:
      return "{" + writeChildren(value) + "}";
  }
}

function writeChildren(parent: JsonValue): string {
  const texts: string[] = [];
  let child = parent.first;
  while (child !== null) {
    texts.push(parent.kind == JsonKind.Object ? quote(child.key) + ":" + write(child) : write(child));
    child = child.next;
  }
  return texts.join(",");
}

function quote(bytes: Bytes): string {
  const text = bytes.toString();
  let quoted = "";
  for (let i = 0; i < text.length; i++)
    quoted += "\\u" + (0x10000 + text.charCodeAt(i)).toString(16).substring(1);
  return '"' + quoted + '"';
}
