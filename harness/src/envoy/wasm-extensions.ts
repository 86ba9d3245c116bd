import type { Plugin, Service } from "../backend.ts";
import { typed } from "./http-connection-manager.ts";
import { pluginConfig } from "./wasm-filter.ts";

/** The access logger that loads a plugin's module from its file. */
export function wasmAccessLogger(plugin: Plugin): object {
  return typed("envoy.extensions.access_loggers.wasm.v3.WasmAccessLog", { config: pluginConfig(plugin) });
}

/** The bootstrap extension that does. */
export function wasmService(service: Service): object {
  const fields = { config: pluginConfig(service), singleton: service.isSingleton };
  return typed("envoy.extensions.wasm.v3.WasmService", fields, "envoy.bootstrap.wasm");
}
