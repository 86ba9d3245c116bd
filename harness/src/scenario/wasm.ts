import { isUtf8 } from "node:buffer";
import { BytesValueSchema, durationFromMs, StringValueSchema, type Any } from "@bufbuild/protobuf/wkt";
import type { AccessLogSchema } from "../../api/envoy/config/accesslog/v3/accesslog_pb.js";
import { WasmAccessLogSchema } from "../../api/envoy/extensions/access_loggers/wasm/v3/wasm_pb.js";
import { WasmSchema as HttpWasmSchema } from "../../api/envoy/extensions/filters/http/wasm/v3/wasm_pb.js";
import { WasmSchema as NetworkWasmSchema } from "../../api/envoy/extensions/filters/network/wasm/v3/wasm_pb.js";
import {
  FailurePolicy,
  WasmServiceSchema,
  type PluginConfigSchema,
} from "../../api/envoy/extensions/wasm/v3/wasm_pb.js";
import type { Plugin, Service } from "../backend.ts";
import { any } from "../envoy-api/any.ts";
import { failingClosed } from "../failure-policy.ts";
import type { Fields } from "./merge.ts";

/** The HTTP filter that loads a plugin's module. */
export function wasmFilter(plugin: Plugin): Any {
  return any(HttpWasmSchema, { config: pluginConfig(plugin) });
}

/** As `wasmFilter`, of a plugin that is loaded and never asked for anything. */
export function idleWasmFilter(plugin: Plugin): Any {
  return any(HttpWasmSchema, { config: pluginConfig({ ...plugin, allowedCapabilities: startCapabilities }) });
}

function restriction(
  names: readonly string[],
): Pick<Fields<typeof PluginConfigSchema>, "capabilityRestrictionConfig"> {
  if (names.length === 0) return {};
  const allowedCapabilities = Object.fromEntries(names.map((name) => [name, {}]));
  return { capabilityRestrictionConfig: { allowedCapabilities } };
}

/** What a runtime may need before the first callback: WASI, as Envoy has it. */
const startCapabilities = [
  ...["args_get", "args_sizes_get", "clock_time_get", "environ_get", "environ_sizes_get", "fd_close"],
  ...[
    "fd_fdstat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "path_open",
    "poll_oneoff",
    "random_get",
    "sched_yield",
  ],
];

/** The network filter that does. */
export function wasmNetworkFilter(plugin: Plugin): Any {
  return any(NetworkWasmSchema, { config: pluginConfig(plugin) });
}

/** The access logger that does. */
export function wasmAccessLogger(plugin: Plugin): Fields<typeof AccessLogSchema> {
  const value = any(WasmAccessLogSchema, { config: pluginConfig(plugin) });
  return { name: "envoy.access_loggers.wasm", configType: { case: "typedConfig", value } };
}

/** The bootstrap extension that does. */
export function wasmService(service: Service): Any {
  return any(WasmServiceSchema, { config: pluginConfig(service), singleton: service.isSingleton });
}

function pluginConfig(plugin: Plugin): Fields<typeof PluginConfigSchema> {
  const { module } = plugin;
  return {
    name: plugin.name,
    rootId: plugin.rootId,
    configuration: configuration(plugin.configuration),
    allowOnHeadersStopIteration: plugin.allowOnHeadersStopIteration,
    ...failing(plugin),
    ...restriction(plugin.allowedCapabilities ?? []),
    vm: {
      case: "vmConfig",
      value: {
        vmId: plugin.vmId,
        runtime: "envoy.wasm.runtime.v8",
        code: {
          specifier: { case: "local", value: { specifier: { case: "filename", value: module.path } } },
        },
        configuration: configuration(plugin.vmConfiguration),
      },
    },
  };
}

/** Nothing of what is so anyway. */
function failing({
  failing: { policy, reloadIntervalMs } = failingClosed,
}: Plugin): Fields<typeof PluginConfigSchema> {
  if (policy === "FAIL_CLOSED") return {};
  if (policy === "FAIL_OPEN") return { failurePolicy: FailurePolicy.FAIL_OPEN };
  const backoff = { baseInterval: durationFromMs(reloadIntervalMs) };
  return { failurePolicy: FailurePolicy.FAIL_RELOAD, reloadConfig: { backoff } };
}

/** Both types reach the filter as their bare bytes; text keeps the configuration readable. */
function configuration(bytes: Uint8Array): Any {
  if (!isUtf8(bytes)) return any(BytesValueSchema, { value: bytes });
  return any(StringValueSchema, { value: Buffer.from(bytes).toString("utf8") });
}
