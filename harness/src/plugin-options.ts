import type { FailurePolicy } from "./failure-policy.ts";

/**
 * A plugin's configuration: text and bytes reach the filter as they are, everything else as JSON.
 *
 * @category Start a proxy
 */
export type Configuration = string | Uint8Array | object;

/**
 * One plugin: a filter of the chain, an access logger or a service.
 *
 * @category Start a proxy
 */
export interface PluginOptions {
  /** A folder in the workspace's `filters/`, or a path to a `.wasm`. */
  filter: string;
  /** What the filter is configured with; nothing unless it is given. */
  configuration?: Configuration | undefined;
  /** `PluginConfig.name`. Default: the module's name. */
  name?: string;
  /** `PluginConfig.root_id`. Default: the name. */
  rootId?: string;
  /** `VmConfig.vm_id`; plugins with equal vm_id, VM configuration and module share one VM. Default "", as Istio has it. */
  vmId?: string;
  /** `VmConfig.configuration`, as text or bytes. Default none. */
  vmConfiguration?: Configuration | undefined;
  /** `PluginConfig.allow_on_headers_stop_iteration`. Default: whether the module asks for it. */
  allowOnHeadersStopIteration?: boolean;
  /** `PluginConfig.failure_policy`: what becomes of the streams after a trap. Default `FAIL_CLOSED`. */
  failurePolicy?: FailurePolicy;
  /**
   * `PluginConfig.reload_config`'s `base_interval`, with `FAIL_RELOAD`: how many milliseconds have to pass from one
   * load of the VM to the next, and up to half as many more, of which Envoy draws lots. From 2 on; default 1,000.
   */
  reloadIntervalMs?: number;
  /**
   * `PluginConfig.capability_restriction_config`: the host calls, WASI's among them, and callbacks that there are, by
   * their names in the ABI, of which another one is refused; an empty list restricts nothing. Default: all.
   */
  allowedCapabilities?: readonly string[];
}

/**
 * A plugin without streams, which runs as long as the proxy.
 *
 * @category Start a proxy
 */
export interface ServiceOptions extends PluginOptions {
  /** It runs on Envoy's main thread alone, and not on each worker thread too. Default true. */
  singleton?: boolean;
}

/**
 * The plugins of the listener.
 *
 * @category Start a proxy
 */
export interface ListenerOptions {
  /** The filters, in the order in which a request meets them. */
  chain: readonly PluginOptions[];
  /** The access loggers, which are told of each stream that is over, in this order. Default none. */
  accessLoggers?: readonly PluginOptions[];
}

export const pluginOptionNames = [
  "filter",
  "configuration",
  "name",
  "rootId",
  "vmId",
  "vmConfiguration",
  "allowOnHeadersStopIteration",
  "failurePolicy",
  "reloadIntervalMs",
  "allowedCapabilities",
];
export const serviceOptionNames = [...pluginOptionNames, "singleton"];
export const listenerOptionNames = ["chain", "accessLoggers"];
