import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";
import { JsonArray } from "./array";
import { choiceOf, listed, mustBeOneOf } from "./choices";
import { JsonDocument } from "./document";
import { NO_INTEGER, parseInteger } from "./numbers";
import { JsonKind, JsonValue } from "./value";

/**
 * An object of a configuration. Its getters never fail: the first thing that is wrong is kept with key, line and
 * reason, and refuses the configuration once it is read; what a getter returns then is harmless and without meaning.
 * A getter `…Or` takes a default for an absent key; the others refuse when the key is absent. Source: RFC 8259.
 *
 * @category Configuration
 */
export class JsonObject {
  /** For the SDK. @internal */
  constructor(
    private readonly document: JsonDocument,
    private readonly value: JsonValue,
  ) {}

  /** Whether the key is there, be its value `null` or not. Whoever asks need not read it. */
  has(key: string): bool {
    return this.find(key) !== null;
  }

  /** Which of these keys is there, from 0; refused when it is not exactly one. */
  oneKeyOf(keys: string[]): i32 {
    let count = 0;
    let found = 0;
    for (let i = 0; i < keys.length; i++) {
      if (!this.has(keys[i])) continue;
      count++;
      found = i;
    }
    if (count == 0) this.document.lacks(this.value, keys);
    if (count != 1) {
      const isPair = keys.length == 2;
      const text =
        (isPair ? "must have either " : "must have one of ") + listed(keys, isPair ? " or " : " and ");
      this.document.refuse(this.value, text);
    }
    return found;
  }

  /** Keeps that this key's value is wrong, for a reason that no getter knows: "must be a header name". */
  refuse(key: string, reason: string): void {
    this.document.refuseMember(this.value, key, reason);
  }

  /** A string as bytes, UTF-8. */
  bytes(key: string): Bytes {
    return this.require(key, JsonKind.String, "must be a string").text;
  }

  /** As `bytes`, with a default. */
  bytesOr(key: string, absent: Bytes): Bytes {
    return this.has(key) ? this.bytes(key) : absent;
  }

  /** A string as text. */
  string(key: string): string {
    return this.bytes(key).toString();
  }

  /** As `string`, with a default. */
  stringOr(key: string, absent: string): string {
    return this.has(key) ? this.string(key) : absent;
  }

  /** `true` or `false`. */
  boolean(key: string): bool {
    return this.require(key, JsonKind.Boolean, "must be true or false").text[0] == 0x74;
  }

  /** As `boolean`, with a default. */
  booleanOr(key: string, absent: bool): bool {
    return this.has(key) ? this.boolean(key) : absent;
  }

  /** A whole number from `least` to `most`, within ±(2^53 - 1), in any spelling of JSON. */
  integer(key: string, least: i64, most: i64): i64 {
    const reason = "must be a whole number from " + decimal(least) + " to " + decimal(most);
    const integer = parseInteger(this.require(key, JsonKind.Number, reason).text);
    if (integer != NO_INTEGER && integer >= least && integer <= most) return integer;
    this.refuse(key, reason);
    return least;
  }

  /** As `integer`, with a default. */
  integerOr(key: string, least: i64, most: i64, absent: i64): i64 {
    return this.has(key) ? this.integer(key, least, most) : absent;
  }

  /** Which of the choices a string is, from 0. */
  oneOf(key: string, choices: string[]): i32 {
    const reason = mustBeOneOf(choices);
    const choice = choiceOf(this.require(key, JsonKind.String, reason).text, choices);
    if (choice < 0) this.refuse(key, reason);
    return max(choice, 0);
  }

  /** As `oneOf`, with a default. */
  oneOfOr(key: string, choices: string[], absent: i32): i32 {
    return this.has(key) ? this.oneOf(key, choices) : absent;
  }

  /** An object. */
  object(key: string): JsonObject {
    return new JsonObject(this.document, this.require(key, JsonKind.Object, "must be an object"));
  }

  /** An array. */
  array(key: string): JsonArray {
    return new JsonArray(this.document, this.require(key, JsonKind.Array, "must be an array"));
  }

  /** As `array`; an absent key is an array without elements. */
  arrayOrEmpty(key: string): JsonArray {
    return this.has(key) ? this.array(key) : new JsonArray(this.document, new JsonValue(JsonKind.Array, 0));
  }

  private find(key: string): JsonValue | null {
    this.value.asked.push(key);
    return this.value.member(Bytes.fromString(key));
  }

  /** The value under a key; one without content when it is absent or of another kind, which is kept. */
  private require(key: string, kind: JsonKind, reason: string): JsonValue {
    const value = this.find(key);
    if (value !== null) return this.document.ofKind(value, kind, reason);
    this.document.lacks(this.value, [key]);
    this.refuse(key, "is missing: it " + reason);
    return new JsonValue(kind, 0);
  }
}
