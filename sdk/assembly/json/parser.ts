import { Bytes } from "../bytes";
import { duplicateMember } from "./duplicates";
import { isNumber } from "./numbers";
import { JsonStrings } from "./strings";
import { JsonKind, JsonValue } from "./value";

/** How deep arrays and objects may nest. */
export const DEEPEST_NESTING = 32;

/**
 * Parses a JSON text by RFC 8259, to the letter: no comments, no trailing commas, no byte order mark, no ill-formed
 * UTF-8. A key that occurs twice in an object is refused, and so is nesting deeper than 32. The time that it takes
 * grows with the text's length, not faster, and no text makes it trap.
 */
export class JsonParser {
  private problem: string | null = null;
  /** The line that is being read, from 1. */
  line: i32 = 1;
  private at: usize;
  private readonly end: usize;
  private readonly strings: JsonStrings;

  constructor(private readonly text: Bytes) {
    this.at = text.start;
    this.end = text.start + text.length;
    this.strings = new JsonStrings(text);
  }

  /** Why the text was refused; no text while nothing is wrong. */
  reason(): string {
    const problem = this.problem;
    return problem === null ? "" : problem;
  }

  /** The text's only value; null when the text is refused, and `reason()` and `line` say why and where. */
  parse(): JsonValue | null {
    const root = this.value(0);
    if (root === null) return null;
    if (this.peek() != 0 || this.at != this.end) return this.refuse("nothing may follow the value");
    return root;
  }

  private value(depth: i32): JsonValue | null {
    const byte = this.peek();
    if (byte == 0x7b) return this.object(depth + 1);
    if (byte == 0x5b) return this.array(depth + 1);
    if (byte == 0x22) return this.string();
    if (byte == 0x2d || byte - 0x30 < 10) return this.number();
    return this.literal();
  }

  private object(depth: i32): JsonValue | null {
    if (depth > DEEPEST_NESTING) return this.refuse("nested deeper than 32 levels");
    const object = new JsonValue(JsonKind.Object, this.line);
    this.at++;
    if (this.skip(0x7d)) return object;
    do {
      if (!this.memberOf(object, depth)) return null;
    } while (this.skip(0x2c));
    if (!this.skip(0x7d)) return this.refuse("expected , or }");
    const duplicate = duplicateMember(object);
    if (duplicate === null) return object;
    this.line = duplicate.line;
    return this.refuse("the key " + duplicate.key.toString() + " occurs twice");
  }

  private memberOf(object: JsonValue, depth: i32): bool {
    if (this.peek() != 0x22) return this.refuse("expected a key in quotes") !== null;
    const key = this.quoted();
    if (key === null) return false;
    if (!this.skip(0x3a)) return this.refuse("expected : after the key") !== null;
    const value = this.value(depth);
    if (value === null) return false;
    value.key = key;
    object.append(value);
    return true;
  }

  private array(depth: i32): JsonValue | null {
    if (depth > DEEPEST_NESTING) return this.refuse("nested deeper than 32 levels");
    const array = new JsonValue(JsonKind.Array, this.line);
    this.at++;
    if (this.skip(0x5d)) return array;
    do {
      const element = this.value(depth);
      if (element === null) return null;
      array.append(element);
    } while (this.skip(0x2c));
    return this.skip(0x5d) ? array : this.refuse("expected , or ]");
  }

  private string(): JsonValue | null {
    const value = new JsonValue(JsonKind.String, this.line);
    const text = this.quoted();
    if (text === null) return null;
    value.text = text;
    return value;
  }

  private quoted(): Bytes | null {
    const text = this.strings.read(this.at);
    if (text === null) this.refuse(this.strings.problem);
    this.at = this.strings.end;
    return text;
  }

  private number(): JsonValue | null {
    const text = this.word();
    if (!isNumber(text)) return this.refuse("a number is malformed");
    const value = new JsonValue(JsonKind.Number, this.line);
    value.text = text;
    return value;
  }

  private literal(): JsonValue | null {
    const text = this.word();
    const isNull = text.equals(Bytes.fromString("null"));
    const isBoolean = text.equals(Bytes.fromString("true")) || text.equals(Bytes.fromString("false"));
    if (!isNull && !isBoolean) return this.refuse("expected a value");
    const value = new JsonValue(isNull ? JsonKind.Null : JsonKind.Boolean, this.line);
    value.text = text;
    return value;
  }

  /** The letters, digits and signs from here on: a number or a literal, sound or not. */
  private word(): Bytes {
    const start = this.at;
    while (this.at < this.end && isWordByte(load<u8>(this.at))) this.at++;
    const from = <i32>(start - this.text.start);
    return this.text.slice(from, from + <i32>(this.at - start));
  }

  /** The next byte after blanks; 0 at the end. */
  private peek(): u32 {
    for (; this.at < this.end; this.at++) {
      const byte: u32 = load<u8>(this.at);
      if (byte == 0x0a) this.line++;
      else if (byte != 0x20 && byte != 0x09 && byte != 0x0d) return byte;
    }
    return 0;
  }

  /** Steps over this byte when it is the next one after blanks. */
  private skip(byte: u32): bool {
    if (this.peek() != byte) return false;
    this.at++;
    return true;
  }

  private refuse(problem: string): JsonValue | null {
    if (this.problem === null) this.problem = problem;
    return null;
  }
}

function isWordByte(byte: u32): bool {
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 26 || byte == 0x2d || byte == 0x2b || byte == 0x2e;
}
