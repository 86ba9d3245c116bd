import { encodeDouble } from "./protobuf.ts";
import { octetsOf } from "../octets.ts";
import { encodePairs } from "./pairs.ts";

/** A property before it is encoded; an object is settings of a namespace, or a part of them. */
export type PropertyValue = string | bigint | boolean | number | Uint8Array | object;

/** What is there, and has no form for filters. */
export const unserialisable: PropertyValue = [[]];

/**
 * As Envoy encodes it: text as UTF-8, integers and doubles as 8 bytes, little-endian, a boolean as one byte, an object as
 * pairs, a list as pairs without values. Null for an object or a list in another one, which Envoy does not serialise.
 */
export function encodeProperty(value: PropertyValue): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case "string":
      return new TextEncoder().encode(value);
    case "bigint":
      return encodeInteger(value);
    case "number":
      return encodeDouble(value);
    case "boolean":
      return Uint8Array.of(Number(value));
    default:
      return Array.isArray(value) ? encodeList(value) : encodeObject(value);
  }
}

function encodeObject(object: object): Uint8Array | null {
  const names = Object.keys(object).map(octetsOf);
  const values = encodeScalars(Object.values(object));
  return values === null
    ? null
    : encodePairs(names.flatMap((name, i) => [name, octetsOf(values[i] ?? none)]));
}

function encodeList(list: readonly unknown[]): Uint8Array | null {
  const values = encodeScalars(list);
  return values === null ? null : encodePairs(values.flatMap((value) => [octetsOf(value), ""]));
}

/** Null when one of them is none. */
function encodeScalars(values: readonly unknown[]): Uint8Array[] | null {
  const scalars = values.filter((value) => typeof value !== "object") as PropertyValue[];
  return scalars.length < values.length ? null : scalars.map((value) => encodeProperty(value) ?? none);
}

const none = new Uint8Array();

function encodeInteger(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return bytes;
}
