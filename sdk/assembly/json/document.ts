import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";
import { JsonParser } from "./parser";
import { closest } from "./suggestion";
import { JsonKind, JsonValue, memberPath } from "./value";

/** Envoy 1.40 hands a configuration of any other type over in protobuf's binary form. */
// @ts-ignore: decorator
@lazy
const BINARY = "not JSON but binary: give the configuration as google.protobuf.StringValue";

/** The bytes below the space that stand in JSON texts: tab, line feed and carriage return. */
const BLANKS: u32 = (1 << 0x09) | (1 << 0x0a) | (1 << 0x0d);

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

  /** The value, marked as read, when it is of this kind; if not, that is kept, and the value is another one without content. */
  ofKind(value: JsonValue, kind: JsonKind, reason: string): JsonValue {
    value.wasRead = true;
    if (value.kind == kind) return value;
    this.refuse(value, reason);
    return new JsonValue(kind, 0);
  }

  /** What is wrong, keys that nobody asked for included; null when nothing is. */
  verdict(): string | null {
    const lacking = this.lacking;
    if (lacking !== null) this.blameMisspelt(lacking);
    this.refuseUnread(this.root);
    return this.problem;
  }

  /** Only now is it known which keys nobody asks for. */
  private blameMisspelt(object: JsonValue): void {
    let child = object.first;
    while (child !== null) {
      const suggestion = !child.wasRead ? closest(child.key.toString(), this.lacked) : null;
      if (suggestion !== null) {
        this.problem = null;
        return this.refuse(child, unknownKey(suggestion));
      }
      child = child.next;
    }
  }

  private refuseUnread(container: JsonValue): void {
    let child = container.first;
    while (child !== null && this.problem === null) {
      if (child.wasRead) this.refuseUnread(child);
      else if (container.kind == JsonKind.Object)
        this.refuse(child, unknownKey(closest(child.key.toString(), container.asked)));
      child = child.next;
    }
  }

  private refuseAt(path: string, line: i32, reason: string): void {
    if (this.problem === null) this.problem = place(path, line) + ": " + reason;
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
  const parser = new JsonParser(text);
  const root = parser.isAtEnd() ? new JsonValue(JsonKind.Object, 1) : parser.parse();
  const document = new JsonDocument(root === null ? new JsonValue(JsonKind.Object, parser.line) : root);
  if (root === null) document.refuse(document.root, isBinary(text) ? BINARY : "not JSON: " + parser.reason());
  else document.ofKind(root, JsonKind.Object, "must be an object");
  return document;
}

function unknownKey(suggestion: string | null): string {
  return suggestion === null ? "unknown key" : "unknown key; did you mean " + suggestion + "?";
}

/** Whether there is a byte that no JSON text holds. */
function isBinary(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte: u32 = text[i];
    if (byte < 0x20 && ((BLANKS >> byte) & 1) == 0) return true;
  }
  return false;
}
