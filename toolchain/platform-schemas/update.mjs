// Writes test/platforms/schemas/KIND.json, the JSON schemas of the custom resources that load a filter into Istio and
// Envoy Gateway, from the Go modules of both: `node toolchain/platform-schemas/update.mjs`. It needs Go, and is run when
// a newer version of one of them is to be held against.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { download } from "../envoy-api/go-modules.mjs";

/** The modules, and the folder of each that has its custom resources. */
const modules = {
  "istio.io/api@v1.31.1": "kubernetes",
  "github.com/envoyproxy/gateway@v1.9.1": "charts/gateway-crds-helm/templates/generated",
};
const wanted = ["EnvoyExtensionPolicy", "EnvoyFilter", "EnvoyProxy", "TrafficExtension", "WasmPlugin"];

const annotations = ["description", "format", "nullable", "example"];
const conditions = ["oneOf", "anyOf", "allOf", "not"];

const target = new URL("../../test/platforms/schemas/", import.meta.url);

for (const [module, folder] of Object.entries(modules)) {
  for (const definition of definitions(path.join(download(module).Dir, folder))) {
    const { kind } = definition.spec.names;
    if (!wanted.includes(kind)) continue;
    const text = JSON.stringify({ module, group: definition.spec.group, versions: versions(definition) });
    writeFileSync(new URL(`${kind}.json`, target), `${text}\n`);
    console.log(`${kind}: ${text.length} bytes, of ${module}`);
  }
}

/** The CustomResourceDefinitions in the YAML files of a folder. */
function definitions(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) =>
      parseAllDocuments(readFileSync(path.join(folder, name), "utf8"), { logLevel: "error" }),
    )
    .map((document) => document.toJS())
    .filter((document) => document?.kind === "CustomResourceDefinition");
}

function versions({ spec }) {
  return Object.fromEntries(
    spec.versions.map(({ name, schema }) => [name, resource(schema.openAPIV3Schema)]),
  );
}

/** Every resource has these three, whether its schema says so or not. */
function resource(schema) {
  const general = { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { type: "object" } };
  return strict({
    ...schema,
    properties: { ...schema.properties, ...general },
    required: ["apiVersion", "kind", "metadata", "spec"],
  });
}

/**
 * A schema of the structural kind as a JSON schema that refuses unknown keys, which Kubernetes drops in silence. What
 * only Kubernetes understands is left out, its CEL rules too.
 */
function strict(schema) {
  if (schema["x-kubernetes-int-or-string"]) return { type: ["integer", "string"] };
  const { properties, items, additionalProperties, ...others } = schema;
  const rebuilt = Object.fromEntries(
    Object.entries(others).filter(([key]) => !key.startsWith("x-") && !annotations.includes(key)),
  );
  for (const key of conditions) if (key in rebuilt) rebuilt[key] = withoutAnnotations(rebuilt[key]);
  if (items !== undefined) rebuilt.items = strict(items);
  if (typeof additionalProperties === "object") rebuilt.additionalProperties = strict(additionalProperties);
  if (properties === undefined) return rebuilt;
  rebuilt.properties = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, strict(property)]),
  );
  if (!schema["x-kubernetes-preserve-unknown-fields"]) rebuilt.additionalProperties = false;
  return rebuilt;
}

/** What a condition names stays open: it speaks of some keys among others. */
function withoutAnnotations(value) {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key]) => !key.startsWith("x-"));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutAnnotations(inner)]));
}
