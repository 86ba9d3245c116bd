import { modulesOf } from "./all-plugins.ts";
import type {
  EnvoySettings,
  ListenerPlugins,
  Metadata,
  Plugin,
  Route,
  Scenario,
  Service,
  VirtualHost,
} from "./backend.ts";
import { loadBackend, type BackendName, backendNames } from "./backends.ts";
import { HarnessError } from "./errors.ts";
import type { GrpcUpstream } from "./grpc/upstream.ts";
import { findModule } from "./module/find.ts";
import { loadModule, loadUncheckedModule } from "./module/load.ts";
import { logLevels, type LogLevel } from "./observation.ts";
import { observingOf, observingOptionNames, type ObservingOptions } from "./observing.ts";
import { oneOf, refuseUnknownOptions } from "./options.ts";
import { StartedProxy, type PluginLoading } from "./proxy.ts";
import { Upstream } from "./upstream.ts";

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

/**
 * One way of a request to the upstream.
 *
 * @category Start a proxy
 */
export interface RouteOptions {
  /** How the path begins. */
  prefix: string;
  /** Default "". */
  name?: string;
  /** The route's `metadata.filter_metadata`: JSON objects by namespace. */
  metadata?: Metadata;
}

/**
 * Where requests go; all routes lead to the upstream.
 *
 * @category Start a proxy
 */
export interface VirtualHostOptions {
  /** Default `proxy`. */
  name?: string;
  /** As a route's. */
  metadata?: Metadata;
  /** In the order in which they are tried; every other path has a route without name and metadata. */
  routes?: readonly RouteOptions[];
}

/**
 * What `startProxy` starts.
 *
 * @category Start a proxy
 */
export interface ProxyOptions extends ListenerOptions, ObservingOptions {
  /** Default `embedded`. */
  backend?: BackendName;
  /** The services of the proxy, beside its streams: Envoy's `bootstrap_extensions`. Default none. */
  services?: readonly ServiceOptions[];
  /** The filters come over ECDS, as with Istio's WasmPlugin: `proxy.configure` can be asked for. Default false. */
  configDiscovery?: boolean;
  /** The service behind the proxy. Default: one that answers `200 upstream`. */
  upstream?: Upstream;
  /** The services that filters can call, by the names of their clusters; `upstream` is the one behind the proxy. */
  clusters?: Readonly<Record<string, Upstream>>;
  /** The gRPC services that filters can call, by the names of their clusters, which `clusters` does not have. */
  grpcClusters?: Readonly<Record<string, GrpcUpstream>>;
  /** The routes and what they say to filters. Default: one route for every path. */
  virtualHost?: VirtualHostOptions;
  /** Level of Envoy's `wasm` logger, which the filters can ask for. Default `trace`, which fills the transcript too. */
  logLevel?: LogLevel;
  /** For the backends with a real Envoy. */
  envoy?: Partial<EnvoySettings>;
  /** A trap does not fail the test: responses and `proxy.traps` show it. Default false. */
  allowTraps?: boolean;
  /** Skips the module check, to see what a host does with an unsound module. Default false. */
  uncheckedModules?: boolean;
  /**
   * The folder that `.wasm` paths are relative to, and from which `filters/` is looked for upwards. Default: the
   * working folder.
   */
  relativeTo?: string;
}

const optionNames = [
  "backend",
  "chain",
  "accessLoggers",
  "services",
  "configDiscovery",
  "upstream",
  "clusters",
  "grpcClusters",
  "virtualHost",
  "logLevel",
  "envoy",
  "allowTraps",
  "uncheckedModules",
  "relativeTo",
  ...observingOptionNames,
];
export const pluginOptionNames = [
  "filter",
  "configuration",
  "name",
  "rootId",
  "vmId",
  "vmConfiguration",
  "allowOnHeadersStopIteration",
];
const serviceOptionNames = [...pluginOptionNames, "singleton"];
const listenerOptionNames = ["chain", "accessLoggers"];
const virtualHostOptionNames = ["name", "metadata", "routes"];
const routeOptionNames = ["prefix", "name", "metadata"];
export const envoySettingNames = [
  ...["port", "concurrency", "drainSeconds", "version", "image", "pool", "sharedVms", "labels"],
];

/**
 * Starts a proxy with a chain of filters. Dispose of it with `await using`. Refused with `invalid_input`, `not_found`,
 * `module_refused`, `configuration_refused` and, for a real Envoy, `envoy_not_available`, `port_in_use` or
 * `envoy_exited`.
 *
 * @category Start a proxy
 */
export async function startProxy(options: ProxyOptions): Promise<StartedProxy> {
  refuseUnknownOptions("startProxy", options, optionNames);
  const backend = oneOf("backend", options.backend ?? "embedded", backendNames);
  const start = await loadBackend(backend);
  const scenario = await scenarioOf(options);
  const running = await start(scenario);
  return StartedProxy.over(running, {
    backend,
    allowTraps: options.allowTraps ?? false,
    modules: modulesOf(scenario),
    loading: loadingFor(options),
  });
}

/** Loads as the options say it, those of the listener as they are after the last update. */
function loadingFor(options: ProxyOptions): PluginLoading {
  let { chain } = options;
  return {
    listener: async (listener) => {
      refuseUnknownOptions("update", listener, listenerOptionNames);
      const plugins = await listenerPluginsOf(listener, options);
      ({ chain } = listener);
      return plugins;
    },
    filter: async (configuration, position) => {
      if (options.configDiscovery !== true)
        throw new HarnessError(
          "invalid_input",
          "proxy.configure needs filters that come over ECDS: start the proxy with configDiscovery: true",
        );
      const plugin = chain[position];
      if (plugin !== undefined) return pluginOf({ ...plugin, configuration }, options);
      throw new HarnessError(
        "invalid_input",
        `configure: the chain has no filter at ${position}, it has ${chain.length}`,
      );
    },
  };
}

async function scenarioOf(options: ProxyOptions): Promise<Scenario> {
  refuseUnknownOptions("envoy", options.envoy ?? {}, envoySettingNames);
  return {
    ...(await listenerPluginsOf(options, options)),
    services: await Promise.all((options.services ?? []).map((service) => serviceOf(service, options))),
    isConfigDiscovered: options.configDiscovery ?? false,
    upstream: options.upstream ?? new Upstream(),
    clusters: clustersOf(options),
    grpcClusters: grpcClustersOf(options),
    virtualHost: virtualHostOf(options.virtualHost ?? {}),
    observing: observingOf(options),
    logLevel: oneOf("logLevel", options.logLevel ?? "trace", logLevels),
    envoy: { port: 0, concurrency: 1, ...options.envoy },
  };
}

/** The services of a scenario. Refused with `invalid_input` when one has the name of the upstream. */
export function clustersOf({
  clusters = {},
}: Pick<ProxyOptions, "clusters">): Readonly<Record<string, Upstream>> {
  if (!Object.hasOwn(clusters, "upstream")) return clusters;
  throw new HarnessError(
    "invalid_input",
    'clusters: "upstream" is the service behind the proxy: choose another name',
  );
}

function grpcClustersOf({ clusters = {}, grpcClusters = {} }: ProxyOptions): Scenario["grpcClusters"] {
  const taken = ["upstream", ...Object.keys(clusters)].find((name) => Object.hasOwn(grpcClusters, name));
  if (taken === undefined) return grpcClusters;
  throw new HarnessError(
    "invalid_input",
    `grpcClusters: "${taken}" is a cluster already: choose another name`,
  );
}

function virtualHostOf(options: VirtualHostOptions): VirtualHost {
  refuseUnknownOptions("virtualHost", options, virtualHostOptionNames);
  const { name = "proxy", metadata = {}, routes = [] } = options;
  return { name, metadata, routes: [...routes, { prefix: "/" }].map(routeOf) };
}

function routeOf(options: RouteOptions): Route {
  refuseUnknownOptions("routes", options, routeOptionNames);
  return { name: "", metadata: {}, ...options };
}

async function listenerPluginsOf(listener: ListenerOptions, options: ProxyOptions): Promise<ListenerPlugins> {
  const { chain, accessLoggers = [] } = listener;
  for (const plugin of chain) refuseUnknownOptions("chain", plugin, pluginOptionNames);
  for (const logger of accessLoggers) refuseUnknownOptions("accessLoggers", logger, pluginOptionNames);
  return {
    plugins: await Promise.all(chain.map((plugin) => pluginOf(plugin, options))),
    accessLoggers: await Promise.all(accessLoggers.map((logger) => accessLoggerOf(logger, options))),
  };
}

async function accessLoggerOf(logger: PluginOptions, options: ProxyOptions): Promise<Plugin> {
  const plugin = await pluginOf(logger, options);
  if (plugin.module.hasLog) return plugin;
  throw new HarnessError(
    "invalid_input",
    `accessLoggers: ${plugin.module.path} has no proxy_on_log, so it would never be told of a stream: it is no access logger`,
  );
}

async function serviceOf(service: ServiceOptions, options: ProxyOptions): Promise<Service> {
  refuseUnknownOptions("services", service, serviceOptionNames);
  return { ...(await pluginOf(service, options)), isSingleton: service.singleton ?? true };
}

/** Loads one plugin. */
export async function pluginOf(
  plugin: PluginOptions,
  options: Pick<ProxyOptions, "relativeTo" | "uncheckedModules">,
): Promise<Plugin> {
  const file = await findModule(plugin.filter, options.relativeTo ?? process.cwd());
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
  };
}

function configurationBytes(configuration: Configuration | undefined): Uint8Array {
  if (configuration === undefined) return new Uint8Array();
  if (configuration instanceof Uint8Array) return configuration;
  return new TextEncoder().encode(
    typeof configuration === "string" ? configuration : JSON.stringify(configuration),
  );
}
