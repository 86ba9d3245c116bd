import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";

/** What a JSON value is. */
export enum JsonKind {
  Null,
  Boolean,
  Number,
  String,
  Array,
  Object,
}

/** One value of a parsed JSON text, and where it stands in it. Members and elements are a list in their order. */
export class JsonValue {
  /** The object or array that holds it; null at the root. */
  parent: JsonValue | null = null;
  /** Its key when an object holds it. */
  key: Bytes = Bytes.EMPTY;
  /** Its place in the array or object that holds it, from 0. */
  index: i32 = 0;
  /** The next member or element of the same parent. */
  next: JsonValue | null = null;
  /** The first member or element. */
  first: JsonValue | null = null;
  private last: JsonValue | null = null;
  /** The element that was asked for last: asking in order does not start over. */
  private cursor: JsonValue | null = null;
  /** How many members or elements it has. */
  count: i32 = 0;
  /** Of a string its bytes with escapes resolved; of anything else its text as it stands, none for containers. */
  text: Bytes = Bytes.EMPTY;
  /** Whether a getter asked for it. */
  wasRead: bool = false;
  /** Of an object, the keys that getters asked for: what it could have held. */
  readonly asked: string[] = [];

  constructor(
    public kind: JsonKind,
    /** The line of the text on which it begins, from 1; 0 when it is from no text. */
    readonly line: i32,
  ) {}

  /** Appends a member or an element. */
  append(child: JsonValue): void {
    const last = this.last;
    child.parent = this;
    child.index = this.count++;
    if (last === null) this.first = child;
    else last.next = child;
    this.last = child;
  }

  /** The member with this key; null when there is none, or this is no object. */
  member(key: Bytes): JsonValue | null {
    if (this.kind != JsonKind.Object) return null;
    let child = this.first;
    while (child !== null && !child.key.equals(key)) child = child.next;
    return child;
  }

  /** The element at this place; null when there is none, or this is no array. */
  element(index: i32): JsonValue | null {
    if (this.kind != JsonKind.Array || index < 0) return null;
    const known = this.cursor;
    let child = known !== null && known.index <= index ? known : this.first;
    while (child !== null && child.index < index) child = child.next;
    this.cursor = child;
    return child;
  }

  /** Where it stands, as `rules[1].header`; no text at the root. */
  path(): string {
    const parent = this.parent;
    if (parent === null) return "";
    if (parent.kind == JsonKind.Array) return parent.path() + "[" + decimal(this.index) + "]";
    return memberPath(parent.path(), this.key.toString());
  }
}

/** The path of a member of what stands at `parent`. */
export function memberPath(parent: string, key: string): string {
  return parent.length == 0 ? key : parent + "." + key;
}
