import type { Metadata } from "../backend.ts";
import { concatBytes } from "./body-buffer.ts";
import { bytesField, doubleField, varintField } from "./protobuf.ts";

/** `envoy.config.core.v3.Metadata` in protobuf's binary form: namespaces as google.protobuf.Struct. */
export function encodeMetadata(metadata: Metadata): Uint8Array {
  return encodeMap(Object.entries(metadata), encodeStruct);
}

/** What stands at a path into the metadata; undefined when nothing does. */
export function metadataAt(metadata: Metadata, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    metadata,
  );
}

function encodeStruct(object: object): Uint8Array {
  return encodeMap(Object.entries(object), encodeValue);
}

/** google.protobuf.Value. */
function encodeValue(value: unknown): Uint8Array {
  if (value === null) return varintField(1, 0);
  if (typeof value === "number") return doubleField(2, value);
  if (typeof value === "string") return bytesField(3, utf8.encode(value));
  if (typeof value === "boolean") return varintField(4, Number(value));
  if (Array.isArray(value))
    return bytesField(6, concatBytes(value.map((element) => bytesField(1, encodeValue(element)))));
  return bytesField(5, encodeStruct(value as object));
}

/** A map is repeated entries, in field 1, of key (1) and value (2). */
function encodeMap<T>(entries: ReadonlyArray<[string, T]>, encode: (value: T) => Uint8Array): Uint8Array {
  return concatBytes(
    entries.map(([key, value]) =>
      bytesField(1, concatBytes([bytesField(1, utf8.encode(key)), bytesField(2, encode(value))])),
    ),
  );
}

const utf8 = new TextEncoder();
