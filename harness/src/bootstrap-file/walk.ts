import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/** Every object in a value, at any depth, the outer ones first. */
export function* objectsIn(value: JsonValue | undefined): Generator<JsonObject> {
  if (Array.isArray(value)) {
    for (const element of value) yield* objectsIn(element);
  } else if (value !== null && typeof value === "object") {
    yield value;
    for (const member of Object.values(value)) yield* objectsIn(member);
  }
}

/** Those that are messages of a type in a `google.protobuf.Any`. */
export function* messagesIn(value: JsonValue | undefined, type: string): Generator<JsonObject> {
  for (const object of objectsIn(value)) if (object["@type"] === `type.googleapis.com/${type}`) yield object;
}

/** The member of an object that is an object, made when it is not there. */
export function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  return (object[name] = {});
}

/** The elements of a member that are objects. */
export function elements(object: JsonObject, name: string): JsonObject[] {
  const value = object[name];
  if (!Array.isArray(value)) return [];
  return value.filter(
    (element): element is JsonObject =>
      element !== null && typeof element === "object" && !Array.isArray(element),
  );
}

/** A member that is text, or "". */
export function text(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === "string" ? value : "";
}
