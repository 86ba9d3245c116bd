import type { JsonObject } from "@bufbuild/protobuf";
import { HarnessError } from "../errors.ts";
import { suggestion } from "../nearest.ts";
import { member, messagesIn, text } from "./walk.ts";

/** The types of Envoy's extensions that load a Wasm module. */
const wasmTypes = [
  "envoy.extensions.filters.http.wasm.v3.Wasm",
  "envoy.extensions.filters.network.wasm.v3.Wasm",
  "envoy.extensions.access_loggers.wasm.v3.WasmAccessLog",
  "envoy.extensions.wasm.v3.WasmService",
];

/** Every `envoy.extensions.wasm.v3.PluginConfig` of a bootstrap, the innermost objects as they are there. */
export function pluginConfigs(bootstrap: JsonObject): JsonObject[] {
  return wasmTypes.flatMap((type) => [...messagesIn(bootstrap, type)].map((wasm) => member(wasm, "config")));
}

/**
 * Gives plugins the modules of a map by their names. Refused with `invalid_input` for a name that no plugin has, and for a
 * plugin whose module is neither in the map nor a file.
 */
export function replaceModules(bootstrap: JsonObject, modules: ReadonlyMap<string, string>): void {
  const configs = pluginConfigs(bootstrap);
  const names = configs.map((config) => text(config, "name"));
  for (const name of modules.keys()) if (!names.includes(name)) throw unknownPlugin(name, names);
  for (const config of configs) {
    const file = modules.get(text(config, "name"));
    if (file !== undefined) member(config, "vm_config")["code"] = { local: { filename: file } };
    else refuseRemote(config);
  }
}

function unknownPlugin(name: string, names: readonly string[]): HarnessError {
  return new HarnessError(
    "invalid_input",
    `the bootstrap has no Wasm plugin "${name}": ${suggestion(name, names)}`,
  );
}

/** A module that Envoy would fetch while the test runs is not the one that was built here. */
function refuseRemote(config: JsonObject): void {
  const code = member(member(config, "vm_config"), "code");
  if (code["remote"] === undefined) return;
  const name = text(config, "name");
  throw new HarnessError(
    "invalid_input",
    `plugin "${name}" of the bootstrap is fetched from ${text(member(member(code, "remote"), "http_uri"), "uri")}: ` +
      `say which module of this machine takes its place, modules: { "${name}": "…" }`,
  );
}
