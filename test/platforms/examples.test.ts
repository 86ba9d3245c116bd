import { readdirSync, readFileSync } from "node:fs";
import { startProxy } from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { refusals, type Resource } from "./resources.ts";

const root = new URL("../../", import.meta.url);
const filters = readdirSync(new URL("filters/", root));
const platforms = ["istio", "envoy-gateway"];
const examples = filters.flatMap((filter) =>
  platforms.map((platform) => ({ filter, file: `${filter}.${platform}.yaml` })),
);

function resourcesOf(file: string): Resource[] {
  const text = readFileSync(new URL(`envoy-configs/${file}`, root), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Resource);
}

const exampleOf = (file: string, kind: string): Resource => {
  const found = resourcesOf(file).find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`${file} has no ${kind}`);
  return found;
};

describe.for(examples)("$file", ({ filter, file }) => {
  const resources = resourcesOf(file);

  test.for(resources)("$kind is what the platform's schema asks for", (resource) => {
    expect(refusals(resource)).toEqual([]);
  });

  const plugins = resources.flatMap(pluginsOf);

  test("loads the filter by its root_id", () => {
    expect(plugins.map(({ rootId }) => rootId)).toContain(filter);
  });

  test.for(plugins)("the filter accepts its configuration of $rootId", async ({ rootId, configuration }) => {
    await using proxy = await startProxy({
      chain: [{ filter: rootId, configuration: JSON.stringify(configuration) }],
    });

    expect(proxy.startLogs).toEqual([]);
  });
});

interface PlatformPlugin {
  readonly rootId: string;
  readonly configuration: unknown;
}

/** The plugins that a resource loads, with what the filter gets as its configuration. */
function pluginsOf({ kind, spec }: Resource): PlatformPlugin[] {
  if (kind === "WasmPlugin") return [{ rootId: String(spec.pluginName), configuration: spec.pluginConfig }];
  if (kind !== "EnvoyExtensionPolicy") return [];
  const wasm = spec.wasm as Array<{ rootID: string; config: unknown }>;
  return wasm.map(({ rootID, config }) => ({ rootId: rootID, configuration: config }));
}

describe("a mistake in an example is refused", () => {
  const istio = exampleOf("header-authz.istio.yaml", "WasmPlugin");
  const gateway = exampleOf("header-authz.envoy-gateway.yaml", "EnvoyExtensionPolicy");
  const gatewayPlugin = (plugin: object): Resource => ({
    ...gateway,
    spec: { ...gateway.spec, wasm: [plugin] },
  });

  // A table: one line a case.
  // prettier-ignore
  const mistakes: Array<[what: string, resource: Resource, refusal: RegExp]> = [
    ["a mistyped key of Istio's", { ...istio, spec: { ...istio.spec, pluginname: "x" } }, /^\/spec must NOT have additional properties.*pluginname/],
    ["no url", { ...istio, spec: { pluginName: "x" } }, /^\/spec must have required property 'url'/],
    ["a phase that Istio has not", { ...istio, spec: { ...istio.spec, phase: "AUTH" } }, /^\/spec\/phase must be equal to one of the allowed values/],
    ["a digest that is none", { ...istio, spec: { ...istio.spec, sha256: "sha256:00" } }, /^\/spec\/sha256 must match pattern/],
    ["a configuration that is text", { ...istio, spec: { ...istio.spec, pluginConfig: "{}" } }, /^\/spec\/pluginConfig must be object/],
    ["another version of the API", { ...istio, apiVersion: "extensions.istio.io/v1" }, /there is no WasmPlugin in extensions\.istio\.io\/v1$/],
    ["a mistyped key of Envoy Gateway's", gatewayPlugin({ name: "x", rootId: "x", code: { type: "Image", image: { url: "u" } } }), /^\/spec\/wasm\/0 must NOT have additional properties.*rootId/],
    ["no code", gatewayPlugin({ name: "x" }), /^\/spec\/wasm\/0 must have required property 'code'/],
    ["a kind of code that Envoy Gateway has not", gatewayPlugin({ name: "x", code: { type: "File" } }), /^\/spec\/wasm\/0\/code.*type/],
  ];

  test.for(mistakes)("%s", ([, resource, refusal]) => {
    expect(refusals(resource)).toContainEqual(expect.stringMatching(refusal));
  });
});
