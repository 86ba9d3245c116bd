import { isUtf8 } from "node:buffer";
import type { Plugin } from "../backend.ts";
import { typed } from "./http-connection-manager.ts";

/** The HTTP filter that loads a plugin's module from its file. */
export function wasmFilter(plugin: Plugin, position: number): object {
  return typed(
    "envoy.extensions.filters.http.wasm.v3.Wasm",
    { config: pluginConfig(plugin) },
    `wasm.${position}`,
  );
}

/** The network filter that does. */
export function wasmNetworkFilter(plugin: Plugin, position: number): object {
  return typed(
    "envoy.extensions.filters.network.wasm.v3.Wasm",
    { config: pluginConfig(plugin) },
    `wasm.${position}`,
  );
}

/** A plugin as Envoy's `envoy.extensions.wasm.v3.PluginConfig`. */
export function pluginConfig(plugin: Plugin): object {
  return {
    name: plugin.name,
    root_id: plugin.rootId,
    configuration: configuration(plugin.configuration),
    allow_on_headers_stop_iteration: plugin.allowOnHeadersStopIteration,
    vm_config: {
      vm_id: plugin.vmId,
      runtime: "envoy.wasm.runtime.v8",
      code: { local: { filename: plugin.module.path } },
      configuration: configuration(plugin.vmConfiguration),
    },
  };
}

/** Both types reach the filter as their bare bytes; text keeps the configuration readable. */
function configuration(bytes: Uint8Array): object {
  if (isUtf8(bytes)) {
    return {
      "@type": "type.googleapis.com/google.protobuf.StringValue",
      value: Buffer.from(bytes).toString("utf8"),
    };
  }
  return {
    "@type": "type.googleapis.com/google.protobuf.BytesValue",
    value: Buffer.from(bytes).toString("base64"),
  };
}
