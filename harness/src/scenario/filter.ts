import type { Any } from "@bufbuild/protobuf/wkt";
import type { ListenerFilterSchema } from "../../api/envoy/config/listener/v3/listener_components_pb.js";
import type { FilterSchema } from "../../api/envoy/config/listener/v3/listener_components_pb.js";
import type { HttpFilterSchema } from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { PluginOptions } from "../plugin-options.ts";
import type { Surroundings } from "./surroundings.ts";
import { wasmFilter, wasmNetworkFilter } from "./wasm.ts";
import type { Fields } from "./merge.ts";

/**
 * An HTTP filter: a Wasm plugin (`wasm(…)`), any other filter by its typed message (`any(CorsSchema)`), or Envoy's own
 * `HttpFilter`, with a name of your choice.
 *
 * @category Configure Envoy
 */
export type HttpFilter = PluginOptions | Any | Fields<typeof HttpFilterSchema>;

/**
 * A network filter, as an `HttpFilter` is given.
 *
 * @category Configure Envoy
 */
export type NetworkFilter = PluginOptions | Any | Fields<typeof FilterSchema>;

/**
 * A listener filter: its typed message, or Envoy's own `ListenerFilter`.
 *
 * @category Configure Envoy
 */
export type ListenerFilter = Any | Fields<typeof ListenerFilterSchema>;

export function httpFilter(filter: HttpFilter, around: Surroundings): Fields<typeof HttpFilterSchema> {
  if (!isPlugin(filter)) return isAny(filter) ? named(filter) : filter;
  const plugin = around.plugin(filter);
  return named(wasmFilter(plugin), plugin.name);
}

export function networkFilter(filter: NetworkFilter, around: Surroundings): Fields<typeof FilterSchema> {
  if (!isPlugin(filter)) return isAny(filter) ? named(filter) : filter;
  const plugin = around.plugin(filter);
  return named(wasmNetworkFilter(plugin), plugin.name);
}

export function listenerFilter(filter: ListenerFilter): Fields<typeof ListenerFilterSchema> {
  return isAny(filter) ? named(filter) : filter;
}

export function isPlugin(filter: object): filter is PluginOptions {
  return "filter" in filter;
}

function isAny(filter: object): filter is Any {
  return "typeUrl" in filter;
}

function named(value: Any, name = extensionName(value)) {
  return { name, configType: { case: "typedConfig", value } } as const;
}

/**
 * Envoy's own name of an extension, by which routes configure it too: `envoy.filters.http.cors` for
 * `…/envoy.extensions.filters.http.cors.v3.Cors`.
 */
export function extensionName({ typeUrl }: Any): string {
  const [, family] = /\/envoy\.extensions\.(.*)\.v\d\w*\.\w+$/.exec(typeUrl) ?? [];
  return family === undefined ? typeUrl.replace(/^.*\//, "") : `envoy.${family}`;
}
