import type { Metadata } from "../backend.ts";
import { concatBytes } from "./body-buffer.ts";

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
  if (value === null) return Uint8Array.of(tag(1, 0), 0);
  if (typeof value === "number") return concatBytes([Uint8Array.of(tag(2, 1)), encodeDouble(value)]);
  if (typeof value === "string") return encodeBytes(3, utf8.encode(value));
  if (typeof value === "boolean") return Uint8Array.of(tag(4, 0), Number(value));
  if (Array.isArray(value))
    return encodeBytes(6, concatBytes(value.map((element) => encodeBytes(1, encodeValue(element)))));
  return encodeBytes(5, encodeStruct(value as object));
}

export function encodeDouble(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** A map is repeated entries, in field 1, of key (1) and value (2). */
function encodeMap<T>(entries: ReadonlyArray<[string, T]>, encode: (value: T) => Uint8Array): Uint8Array {
  return concatBytes(
    entries.map(([key, value]) =>
      encodeBytes(1, concatBytes([encodeBytes(1, utf8.encode(key)), encodeBytes(2, encode(value))])),
    ),
  );
}

function encodeBytes(field: number, content: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(tag(field, 2)), encodeVarint(content.length), content]);
}

function encodeVarint(value: number): Uint8Array {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Uint8Array.from([...bytes, value]);
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

const utf8 = new TextEncoder();
