import {
  observingNothing,
  type NetworkScenario,
  type RunningNetworkProxy,
  type StartNetworkBackend,
} from "../backend.ts";
import { Disposals } from "./disposals.ts";
import { envoyFor } from "./envoy-for.ts";
import { requireEnvoy, type EnvoyBinary } from "./find.ts";
import { RunningNetworkEnvoy } from "./running-network-envoy.ts";
import { clusterResources, networkListener, proxyListener } from "./scenario-resources.ts";
import { TcpUpstreamServer } from "./tcp-upstream-server.ts";
import { TestServers } from "./test-servers.ts";

/** As `startEnvoyBackend`, for network filters. */
export const startEnvoyNetworkBackend: StartNetworkBackend = async (scenario) => {
  const envoy = await requireEnvoy(scenario.envoy);
  const all = new Disposals();
  try {
    return await start(scenario, envoy, all);
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
};

async function start(
  scenario: NetworkScenario,
  binary: EnvoyBinary,
  all: Disposals,
): Promise<RunningNetworkProxy> {
  const { plugins, logLevel, envoy } = scenario;
  const upstream = all.add(await TcpUpstreamServer.start(scenario.upstream));
  const servers = all.add(await TestServers.start(scenario));
  const ports = { upstream: upstream.port, ...servers.ports };
  const lease = all.add(await envoyFor({ binary, plugins, services: [], ports, logLevel, envoy }));
  await lease.begin(plugins, { ...observingNothing, logLevels: { wasm: logLevel } });
  await lease.set([...clusterResources(ports, lease.isolation), networkListener(scenario, lease.isolation)], {
    plugins,
    port: envoy.port,
  });
  const port = await lease.port(proxyListener);
  return new RunningNetworkEnvoy({ scenario, lease, port, upstream, servers, all });
}
