import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import { BytesValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { toJson } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { envoyApi, knownApiVersions } from "../envoy-api/descriptors.ts";

/** Text, bytes, or another message in its JSON form; null when nobody knows its type. */
export function valueOf(any: Any): unknown {
  const text = anyUnpack(any, StringValueSchema);
  if (text !== undefined) return text.value;
  const bytes = anyUnpack(any, BytesValueSchema);
  if (bytes !== undefined) return new Uint8Array(bytes.value);
  const registry = envoyApi(knownApiVersions().at(-1) ?? "");
  if (registry.getMessage(any.typeUrl.replace(/^.*\//, "")) === undefined) return null;
  return toJson(AnySchema, any, { registry });
}
