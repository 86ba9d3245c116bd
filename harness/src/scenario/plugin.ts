import type { FilterConfigurations } from "../filter-configurations.ts";
import type { Configuration, PluginOptions } from "../plugin-options.ts";

/** What is said of a plugin beside its module and its configuration. */
type PluginRest = Omit<PluginOptions, "filter" | "configuration">;

/**
 * A Wasm plugin, in the place of an HTTP filter, a network filter or an access logger: a folder in `filters/`, or a `.wasm`
 * path relative to the spec file.
 *
 * @category Configure Envoy
 */
export function wasm<Name extends keyof FilterConfigurations>(
  filter: Name,
  configuration: FilterConfigurations[Name] | string | Uint8Array,
  options?: PluginRest,
): PluginOptions;
export function wasm<Name extends string>(
  filter: Name extends keyof FilterConfigurations ? never : Name,
  configuration?: Configuration,
  options?: PluginRest,
): PluginOptions;
export function wasm(filter: string, configuration?: Configuration, options: PluginRest = {}): PluginOptions {
  return { ...options, filter, configuration };
}
