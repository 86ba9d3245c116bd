import { capabilitiesOf } from "./allowed-capabilities.ts";
import type { ListenerPlugins, Plugin, Service } from "./backend.ts";
import { runningCoverage } from "./coverage/running.ts";
import { HarnessError } from "./errors.ts";
import { failingOf } from "./failure-policy.ts";
import { findModule } from "./module/find.ts";
import { loadModule, loadUncheckedModule } from "./module/load.ts";
import { refuseUnknownOptions } from "./options.ts";
import {
  pluginOptionNames,
  serviceOptionNames,
  type Configuration,
  type ListenerOptions,
  type PluginOptions,
  type ServiceOptions,
} from "./plugin-options.ts";
import type { ProxyOptions } from "./proxy-options.ts";

/** Where modules are looked for, and whether they are checked. */
type Loading = Pick<ProxyOptions, "relativeTo" | "uncheckedModules" | "backend" | "coverage">;

/** Loads those of a listener. Refused as `startProxy` is, before Envoy comes into it. */
export async function listenerPluginsOf(
  listener: ListenerOptions,
  options: Loading,
): Promise<ListenerPlugins> {
  const { chain, accessLoggers = [] } = listener;
  for (const plugin of chain) refuseUnknownOptions("chain", plugin, pluginOptionNames);
  for (const logger of accessLoggers) refuseUnknownOptions("accessLoggers", logger, pluginOptionNames);
  return {
    plugins: await Promise.all(chain.map((plugin) => pluginOf(plugin, options))),
    accessLoggers: await Promise.all(accessLoggers.map((logger) => accessLoggerOf(logger, options))),
  };
}

async function accessLoggerOf(logger: PluginOptions, options: Loading): Promise<Plugin> {
  const plugin = await pluginOf(logger, options);
  if (plugin.module.hasLog) return plugin;
  throw new HarnessError(
    "invalid_input",
    `accessLoggers: ${plugin.module.path} has no proxy_on_log, so it would never be told of a stream: it is no access logger`,
  );
}

/** Loads one that runs beside the streams. */
export async function serviceOf(service: ServiceOptions, options: Loading): Promise<Service> {
  refuseUnknownOptions("services", service, serviceOptionNames);
  return { ...(await pluginOf(service, options)), isSingleton: service.singleton ?? true };
}

/** Loads one plugin. */
export async function pluginOf(plugin: PluginOptions, options: Loading): Promise<Plugin> {
  const file = await findModule(plugin.filter, options.relativeTo ?? process.cwd(), countedBuilds(options));
  const module = await (options.uncheckedModules === true ? loadUncheckedModule(file) : loadModule(file));
  const name = plugin.name ?? module.name;
  return {
    name,
    rootId: plugin.rootId ?? name,
    vmId: plugin.vmId ?? "",
    module,
    configuration: configurationBytes(plugin.configuration),
    vmConfiguration: configurationBytes(plugin.vmConfiguration),
    allowOnHeadersStopIteration: plugin.allowOnHeadersStopIteration ?? module.needsHeldHeaders,
    failing: failingOf(plugin),
    allowedCapabilities: capabilitiesOf(plugin.allowedCapabilities),
  };
}

/** A folder of builds that are made to be counted; null where nothing is counted, as in a real Envoy. */
function countedBuilds({ backend, coverage }: Loading): string | null {
  return backend === "embedded" ? ((coverage ?? runningCoverage())?.builds ?? null) : null;
}

function configurationBytes(configuration: Configuration | undefined): Uint8Array {
  if (configuration === undefined) return new Uint8Array();
  if (configuration instanceof Uint8Array) return configuration;
  return new TextEncoder().encode(
    typeof configuration === "string" ? configuration : JSON.stringify(configuration),
  );
}
