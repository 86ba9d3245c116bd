import { Bytes } from "../bytes";
import { decimal } from "../bytes/decimal";
import { choiceOf, mustBeOneOf } from "./choices";
import { JsonDocument } from "./document";
import { JsonObject } from "./object";
import { JsonKind, JsonValue } from "./value";

/**
 * An array of a configuration; its getters are as those of `JsonObject`. Source: RFC 8259.
 *
 * @category Configuration
 */
export class JsonArray {
  /** For the SDK. @internal */
  constructor(
    private readonly document: JsonDocument,
    private readonly value: JsonValue,
  ) {}

  /** How many elements there are. */
  get length(): i32 {
    return this.value.count;
  }

  /** Keeps that the array as a whole is wrong: "must not be empty". */
  refuse(reason: string): void {
    this.document.refuse(this.value, reason);
  }

  /** Keeps that the element at an index is wrong, for a reason that no getter knows: "must be a path". */
  refuseElement(index: i32, reason: string): void {
    const value = this.value.element(index);
    this.document.refuse(value === null ? this.value : value, reason);
  }

  /** The element at an index as an object. */
  object(index: i32): JsonObject {
    return new JsonObject(this.document, this.require(index, JsonKind.Object, "must be an object"));
  }

  /** The element at an index as an array. */
  array(index: i32): JsonArray {
    return new JsonArray(this.document, this.require(index, JsonKind.Array, "must be an array"));
  }

  /** The element at an index, a string, as bytes. */
  bytes(index: i32): Bytes {
    return this.require(index, JsonKind.String, "must be a string").text;
  }

  /** The element at an index, a string, as text. */
  string(index: i32): string {
    return this.bytes(index).toString();
  }

  /** Which of the choices the element at an index, a string, is, from 0. */
  oneOf(index: i32, choices: string[]): i32 {
    const reason = mustBeOneOf(choices);
    const choice = choiceOf(this.require(index, JsonKind.String, reason).text, choices);
    if (choice < 0) this.refuseElement(index, reason);
    return max(choice, 0);
  }

  private require(index: i32, kind: JsonKind, reason: string): JsonValue {
    const value = this.value.element(index);
    if (value !== null) return this.document.ofKind(value, kind, reason);
    this.refuse("has no element " + decimal(index));
    return new JsonValue(kind, 0);
  }
}
