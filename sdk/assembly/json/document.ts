import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";
import { JsonParser } from "./parser";
import { closest } from "./suggestion";
import { JsonKind, JsonValue, memberPath } from "./value";

/** Envoy 1.40 hands a configuration of any other type over in protobuf's binary form. */
// @ts-ignore: decorator
@lazy
const BINARY = "not JSON but binary: give the configuration as google.protobuf.StringValue";

/** A parsed JSON text and the first thing that is wrong with it. */
export class JsonDocument {
  /** What is wrong first, as `rules[1].header (line 4): must be a string`; null while nothing is. */
  problem: string | null = null;
  /** The object that lacks one of these keys, when that is what is wrong. */
  private lacking: JsonValue | null = null;
  private lacked: string[] = [];

  constructor(
    /** The whole value; an empty object when the text was refused. */
    readonly root: JsonValue,
  ) {}

  /** Keeps what is wrong with a value; only the first problem counts. */
  refuse(value: JsonValue, reason: string): void {
    this.refuseAt(value.path(), value.line, reason);
  }

  /** Keeps what is wrong with a member of an object, be it there or not. */
  refuseMember(object: JsonValue, key: string, reason: string): void {
    const member = object.member(Bytes.fromString(key));
    const line = member === null ? object.line : member.line;
    this.refuseAt(memberPath(object.path(), key), line, reason);
  }

  /** What is refused next is that one of these keys is absent, unless a key that nobody asks for is one of them misspelt. */
  lacks(object: JsonValue, keys: string[]): void {
    if (this.problem !== null) return;
    this.lacking = object;
    this.lacked = keys;
  }

  /** What is wrong, keys that nobody asked for included; null when nothing is. */
  verdict(): string | null {
    const lacking = this.lacking;
    if (lacking !== null) this.blameMisspelt(lacking);
    if (this.problem === null) this.refuseUnread(this.root);
    return this.problem;
  }

  /** Only now is it known which keys nobody asks for. */
  private blameMisspelt(object: JsonValue): void {
    let child = object.first;
    while (child !== null) {
      const key = child.key.toString();
      if (!child.wasRead && closest(key, this.lacked) !== null) {
        this.problem = null;
        return this.refuse(child, unknownKey(key, this.lacked));
      }
      child = child.next;
    }
  }

  private refuseUnread(container: JsonValue): void {
    let child = container.first;
    while (child !== null) {
      if (child.wasRead) this.refuseUnread(child);
      else if (container.kind == JsonKind.Object)
        this.refuse(child, unknownKey(child.key.toString(), container.asked));
      child = child.next;
    }
  }

  private refuseAt(path: string, line: i32, reason: string): void {
    if (this.problem !== null) return;
    this.problem = place(path, line) + ": " + reason;
  }
}

/** Where something stands: its path and line, as far as it has them. */
function place(path: string, line: i32): string {
  const where = "line " + decimal(line);
  if (path.length == 0) return line == 0 ? "all of it" : where;
  return line == 0 ? path : path + " (" + where + ")";
}

/** Parses a text; a text of blanks only is `{}`. What is wrong with it is the document's problem. */
export function readDocument(text: Bytes): JsonDocument {
  if (isBlank(text)) return new JsonDocument(new JsonValue(JsonKind.Object, 1));
  const parser = new JsonParser(text);
  const root = parser.parse();
  if (root !== null) return checkedDocument(root);
  const document = new JsonDocument(new JsonValue(JsonKind.Object, parser.line));
  document.refuse(document.root, isBinary(text) ? BINARY : "not JSON: " + parser.reason());
  return document;
}

function checkedDocument(root: JsonValue): JsonDocument {
  const document = new JsonDocument(root);
  if (root.kind != JsonKind.Object) document.refuse(root, "must be an object");
  return document;
}

function unknownKey(key: string, known: string[]): string {
  const suggestion = closest(key, known);
  return suggestion === null ? "unknown key" : "unknown key; did you mean " + suggestion + "?";
}

/** Whether there is a byte that no JSON text holds. */
function isBinary(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d) return true;
  }
  return false;
}

function isBlank(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (byte != 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d) return false;
  }
  return true;
}
