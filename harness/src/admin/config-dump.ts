import { fromJson, type DescMessage, type JsonValue, type MessageShape } from "@bufbuild/protobuf";
import { envoyApi, knownApiVersions } from "../envoy-api/descriptors.ts";

/**
 * The configuration that Envoy runs, as its `/config_dump` says it, endpoints included. Keys and certificates are left
 * out by Envoy.
 *
 * @category Read what happened
 */
export class ConfigDump {
  /** As Envoy wrote it. */
  readonly json: JsonValue;

  /** Of the text of a `/config_dump`. @internal */
  constructor(text: string) {
    this.json = JSON.parse(text) as JsonValue;
  }

  /**
   * Every message of a type that stands in a `google.protobuf.Any`, however deep: `dump.messages(ListenerSchema)`, the
   * schema of a cluster, a route configuration, an extension, or a part of the dump as `ClustersConfigDumpSchema`.
   */
  messages<Schema extends DescMessage>(schema: Schema): MessageShape<Schema>[] {
    const registry = envoyApi(knownApiVersions().at(-1) ?? "");
    return [...typed(this.json, `type.googleapis.com/${schema.typeName}`)].map((json) =>
      fromJson(schema, json, { registry, ignoreUnknownFields: true }),
    );
  }
}

/** What is said to be of this type, without saying so. */
function* typed(json: JsonValue, typeUrl: string): Generator<JsonValue> {
  if (typeof json !== "object" || json === null) return;
  if (!Array.isArray(json) && json["@type"] === typeUrl) {
    yield Object.fromEntries(Object.entries(json).filter(([key]) => key !== "@type"));
  }
  for (const inner of Object.values(json)) yield* typed(inner, typeUrl);
}
