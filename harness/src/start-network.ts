import type { NetworkScenario, Plugin } from "./backend.ts";
import { backendNames, loadNetworkBackend, type BackendName } from "./backends.ts";
import { coverageOf } from "./coverage/running.ts";
import { HarnessError } from "./errors.ts";
import { allocatorFaultsOf, limitsOf } from "./limits.ts";
import { readInterface } from "./module/binary.ts";
import { StartedNetworkProxy } from "./network-proxy.ts";
import { logLevels } from "./observation.ts";
import { modulesOf } from "./all-plugins.ts";
import { oneOf, refuseUnknownOptions } from "./options.ts";
import { clustersOf } from "./cluster-names.ts";
import { defined } from "./defined.ts";
import { pluginOf } from "./load-plugins.ts";
import { pluginOptionNames } from "./plugin-options.ts";
import { envoySettingNames, type ProxyOptions } from "./proxy-options.ts";
import { TcpUpstream } from "./tcp-upstream.ts";
import { workersOf } from "./workers.ts";

/** What is said of the proxy, whatever passes through it. */
type SharedOption =
  | ("backend" | "clusters" | "logLevel" | "envoy" | "limits" | "allocatorFaults")
  | ("allowTraps" | "uncheckedModules" | "relativeTo" | "coverage");

/**
 * What `startNetworkProxy` starts; as for `startProxy`, but for what HTTP alone has.
 *
 * @category Start a proxy
 */
export interface NetworkProxyOptions extends Pick<ProxyOptions, SharedOption> {
  /** The network filters, in the order in which a connection meets them. */
  chain: ProxyOptions["chain"];
  /** The TCP service behind the proxy. Default: one that reads, and ends when the client does. */
  upstream?: TcpUpstream;
}

const optionNames = [
  ...["backend", "chain", "upstream", "clusters", "logLevel", "envoy", "limits", "allocatorFaults"],
  ...["allowTraps", "uncheckedModules", "relativeTo", "coverage"],
];

/**
 * Starts a listener with a chain of network filters before a TCP upstream. Dispose of it with `await using`. Refused as
 * `startProxy` is, and with `module_refused` when a module has no callback for connections.
 *
 * @category Start a proxy
 */
export async function startNetworkProxy(options: NetworkProxyOptions): Promise<StartedNetworkProxy> {
  refuseUnknownOptions("startNetworkProxy", options, optionNames);
  const backend = oneOf("backend", options.backend ?? "embedded", backendNames);
  const start = await loadNetworkBackend(backend);
  const scenario = await scenarioOf({ ...options, backend }, backend);
  const running = await start(scenario);
  return StartedNetworkProxy.over(running, {
    backend,
    allowTraps: options.allowTraps ?? false,
    modules: modulesOf({ ...scenario, accessLoggers: [] }),
  });
}

async function scenarioOf(options: NetworkProxyOptions, backend: BackendName): Promise<NetworkScenario> {
  refuseUnknownOptions("envoy", options.envoy ?? {}, envoySettingNames);
  const limits = limitsOf(options.limits, backend);
  for (const plugin of options.chain) refuseUnknownOptions("chain", plugin, pluginOptionNames);
  const plugins = await Promise.all(options.chain.map((plugin) => pluginOf(plugin, options)));
  if (options.uncheckedModules !== true) plugins.forEach(refuseDeaf);
  return {
    plugins,
    upstream: options.upstream ?? new TcpUpstream(),
    clusters: clustersOf(options),
    logLevel: oneOf("logLevel", options.logLevel ?? "trace", logLevels),
    envoy: { port: 0, concurrency: 1, ...options.envoy },
    ...defined({ workers: workersOf(options.envoy) }),
    limits,
    allocatorFaults: allocatorFaultsOf(options.allocatorFaults, backend, plugins),
    coverage: coverageOf(options.coverage, backend),
  };
}

const connectionCallback = /^proxy_on_(new_connection|(down|up)stream_(data|connection_close))$/;

/** Envoy would load such a module, and every connection would pass it by. */
function refuseDeaf({ module }: Plugin): void {
  if (readInterface(module.bytes).exports.some(({ name }) => connectionCallback.test(name))) return;
  throw new HarnessError(
    "module_refused",
    `${module.path}: it is no network filter, for it has none of the callbacks of connections: extend NetworkFilter, and decorate the class with @networkFilter`,
  );
}
