import { allPlugins, modulesOf } from "./all-plugins.ts";
import type { Scenario } from "./backend.ts";
import { backendNames, loadBackend, type BackendName } from "./backends.ts";
import { clustersOf, grpcClustersOf } from "./cluster-names.ts";
import { defined } from "./defined.ts";
import { coverageOf } from "./coverage/running.ts";
import { HarnessError } from "./errors.ts";
import { allocatorFaultsOf, limitsOf, startFaultsOf } from "./limits.ts";
import { listenerPluginsOf, pluginOf, serviceOf } from "./load-plugins.ts";
import { logLevels } from "./observation.ts";
import { observingOf } from "./observing.ts";
import { oneOf, refuseUnknownOptions } from "./options.ts";
import { listenerOptionNames } from "./plugin-options.ts";
import { StartedProxy, type PluginLoading } from "./proxy.ts";
import { envoySettingNames, proxyOptionNames, type ProxyOptions } from "./proxy-options.ts";
import { Upstream } from "./upstream.ts";
import { virtualHostOf } from "./virtual-host.ts";
import { workersOf } from "./workers.ts";

/**
 * Starts a proxy with a chain of filters. Dispose of it with `await using`. Refused with `invalid_input`, `not_found`,
 * `module_refused`, `configuration_refused` and, for a real Envoy, `envoy_not_available`, `port_in_use` or
 * `envoy_exited`.
 *
 * @category Start a proxy
 */
export async function startProxy(options: ProxyOptions): Promise<StartedProxy> {
  refuseUnknownOptions("startProxy", options, proxyOptionNames);
  const backend = oneOf("backend", options.backend ?? "embedded", backendNames);
  const start = await loadBackend(backend);
  const scenario = await scenarioOf({ ...options, backend }, backend);
  const running = await start(scenario);
  return StartedProxy.over(running, {
    backend,
    allowTraps: options.allowTraps ?? false,
    modules: modulesOf(scenario),
    loading: loadingFor({ ...options, backend }),
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

async function scenarioOf(options: ProxyOptions, backend: BackendName): Promise<Scenario> {
  refuseUnknownOptions("envoy", options.envoy ?? {}, envoySettingNames);
  const limits = limitsOf(options.limits, backend);
  const listener = await listenerPluginsOf(options, options);
  const services = await Promise.all((options.services ?? []).map((service) => serviceOf(service, options)));
  const plugins = allPlugins({ ...listener, services });
  return {
    ...listener,
    services,
    isConfigDiscovered: options.configDiscovery ?? false,
    upstream: options.upstream ?? new Upstream(),
    clusters: clustersOf(options),
    grpcClusters: grpcClustersOf(options),
    virtualHost: virtualHostOf(options.virtualHost ?? {}),
    observing: observingOf(options),
    logLevel: oneOf("logLevel", options.logLevel ?? "trace", logLevels),
    envoy: { port: 0, concurrency: 1, ...options.envoy },
    ...defined({ workers: workersOf(options.envoy) }),
    limits,
    ...startFaultsOf(options.startFaults, backend),
    allocatorFaults: allocatorFaultsOf(options.allocatorFaults, backend, plugins),
    coverage: coverageOf(options.coverage, backend),
  };
}
