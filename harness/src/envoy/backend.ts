import { allPlugins } from "../all-plugins.ts";
import type { RunningProxy, Scenario, StartBackend } from "../backend.ts";
import { Disposals } from "./disposals.ts";
import { envoyFor } from "./envoy-for.ts";
import { requireEnvoy, type EnvoyBinary } from "./find.ts";
import { HttpClient } from "./http-client.ts";
import { RunningEnvoy } from "./running-envoy.ts";
import { clusterResources, httpListener, proxyListener } from "./scenario-resources.ts";
import { TestServers } from "./test-servers.ts";
import { UpstreamServer } from "./upstream-server.ts";

/**
 * Starts the Envoy of this machine, wherever `findEnvoy` has it from, or takes one from the scenario's pool. Refused
 * with `envoy_not_available`. The transcript is filled at log level trace only, and at critical Envoy says nothing of
 * traps and refusals.
 */
export const startEnvoyBackend: StartBackend = async (scenario) =>
  startEnvoy(scenario, await requireEnvoy(scenario.envoy));

export interface StartOptions extends Pick<EnvoyBinary, "path" | "version"> {
  /** How long it may take until it serves. Default 20 s. */
  readonly startMs?: number;
  /** How long a request may take until its response is complete. Default 10 s. */
  readonly requestMs?: number;
}

/**
 * Gives an Envoy the listener of a scenario and resolves when it serves. Refused with `configuration_refused`,
 * `port_in_use`, `envoy_exited` or `timeout`; nothing is left behind then.
 */
export async function startEnvoy(scenario: Scenario, options: StartOptions): Promise<RunningProxy> {
  const all = new Disposals();
  try {
    return await start(scenario, options, all);
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}

async function start(scenario: Scenario, options: StartOptions, all: Disposals): Promise<RunningProxy> {
  const { services, logLevel, envoy, observing } = scenario;
  const upstream = all.add(await UpstreamServer.start(scenario.upstream));
  const servers = all.add(await TestServers.start(scenario));
  const ports = { upstream: upstream.port, ...servers.ports };
  const plugins = allPlugins(scenario);
  const { path, version, startMs } = options;
  const binary = { path, version };
  const lease = all.add(await envoyFor({ binary, startMs, plugins, services, ports, logLevel, envoy }));
  const { isolation } = lease;
  await lease.begin(plugins, { ...observing, logLevels: { ...observing.logLevels, wasm: logLevel } });
  await lease.set([...clusterResources(ports, isolation), httpListener(scenario, scenario, isolation)], {
    plugins,
    port: envoy.port,
  });
  const client = all.add(new HttpClient(await lease.port(proxyListener)));
  const { requestMs = 10_000 } = options;
  return new RunningEnvoy({ scenario, lease, client, upstream, servers, all, requestMs });
}
