import { Bytes, utf8 } from "../bytes";
import { duplicateMember } from "./duplicates";
import { isNumber } from "./numbers";
import { JsonStrings } from "./strings";
import { JsonKind, JsonValue } from "./value";

/** How deep arrays and objects may nest. */
export const DEEPEST_NESTING = 32;

/**
 * Parses a JSON text by RFC 8259, to the letter: no comments, no trailing commas, no byte order mark, no ill-formed
 * UTF-8. A key that occurs twice in an object is refused, and so is nesting deeper than 32. The time that it takes
 * grows with the text's length, not faster, whatever it holds, and no text makes it trap.
 */
export class JsonParser extends JsonStrings {
  /** The line that is being read, from 1. */
  line: i32 = 1;

  constructor(text: Bytes) {
    super(text);
  }

  /** Why the text was refused; no text while nothing is wrong. */
  reason(): string {
    return this.problem;
  }

  /** Whether nothing but blanks is left. */
  isAtEnd(): bool {
    return this.peek() == 0 && this.at == this.end;
  }

  /** The text's only value; null when the text is refused, and `reason()` and `line` say why and where. */
  parse(): JsonValue | null {
    const root = this.value(0);
    if (root === null || this.isAtEnd()) return root;
    return this.refuse("nothing may follow the value");
  }

  private value(depth: i32): JsonValue | null {
    const byte = this.peek();
    if (byte == 0x7b) return this.container(JsonKind.Object, 0x7d, depth);
    if (byte == 0x5b) return this.container(JsonKind.Array, 0x5d, depth);
    const value = new JsonValue(JsonKind.String, this.line);
    const text = byte == 0x22 ? this.quoted() : this.word(value, byte);
    if (text === null) return null;
    value.text = text;
    return value;
  }

  /** The members or elements, up to the bracket that closes them. */
  private container(kind: JsonKind, close: u32, depth: i32): JsonValue | null {
    if (depth == DEEPEST_NESTING) return this.refuse("nested deeper than 32 levels");
    const container = new JsonValue(kind, this.line);
    this.at++;
    if (this.skip(close)) return container;
    do {
      const key = kind == JsonKind.Object ? this.key() : Bytes.EMPTY;
      if (key === null) return null;
      const child = this.value(depth + 1);
      if (child === null) return null;
      child.key = key;
      container.append(child);
    } while (this.skip(0x2c));
    if (kind == JsonKind.Array) return this.skip(close) ? container : this.refuse("expected , or ]");
    return this.skip(close) ? this.checked(container) : this.refuse("expected , or }");
  }

  /** A key and the colon behind it. */
  private key(): Bytes | null {
    const isQuoted = this.peek() == 0x22;
    const key = isQuoted ? this.quoted() : null;
    if (key !== null && this.skip(0x3a)) return key;
    this.keep(isQuoted ? "expected : after the key" : "expected a key in quotes");
    return null;
  }

  private checked(object: JsonValue): JsonValue | null {
    const duplicate = duplicateMember(object);
    if (duplicate === null) return object;
    this.line = duplicate.line;
    return this.refuse("the key " + duplicate.key.toString() + " occurs twice");
  }

  /** The text of a number or a literal, which begins with this byte; what it is, is told to the value. */
  private word(value: JsonValue, first: u32): Bytes | null {
    const text = this.letters();
    if (first == 0x2d || first - 0x30 < 10) {
      value.kind = JsonKind.Number;
      if (isNumber(text)) return text;
      this.keep("a number is malformed");
      return null;
    }
    value.kind = text.equals(utf8("null")) ? JsonKind.Null : JsonKind.Boolean;
    if (value.kind == JsonKind.Null || text.equals(utf8("true")) || text.equals(utf8("false"))) return text;
    this.keep("expected a value");
    return null;
  }

  /** The letters, digits and signs from here on. */
  private letters(): Bytes {
    const start = this.at;
    while (this.at < this.end && isWordByte(load<u8>(this.at))) this.at++;
    return this.text.viewAt(start, <i32>(this.at - start));
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
    this.keep(problem);
    return null;
  }
}

function isWordByte(byte: u32): bool {
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 26 || byte == 0x2d || byte == 0x2b || byte == 0x2e;
}
