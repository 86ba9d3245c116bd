import {
  observingNothing,
  type NetworkScenario,
  type RunningNetworkProxy,
  type StartNetworkBackend,
} from "../backend.ts";
import { Disposals } from "./disposals.ts";
import { envoyFor } from "./envoy-for.ts";
import type { EnvoySite } from "./envoy-site.ts";
import { requireEnvoy } from "./find.ts";
import { ProcessSite } from "./process-site.ts";
import { RunningNetworkEnvoy } from "./running-network-envoy.ts";
import { clusterResources, networkListener, proxyListener } from "./scenario-resources.ts";
import { TcpUpstreamServer } from "./tcp-upstream-server.ts";
import { TestServers } from "./test-servers.ts";

/** As `startEnvoyBackend`, for network filters. */
export const startEnvoyNetworkBackend: StartNetworkBackend = async (scenario) =>
  startNetworkAt(new ProcessSite(await requireEnvoy(scenario.envoy)), scenario);

/** As `startAt`, for network filters. */
export async function startNetworkAt(
  site: EnvoySite,
  scenario: NetworkScenario,
): Promise<RunningNetworkProxy> {
  const all = new Disposals();
  try {
    return await start(site, scenario, all);
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}

async function start(
  site: EnvoySite,
  scenario: NetworkScenario,
  all: Disposals,
): Promise<RunningNetworkProxy> {
  const { plugins, logLevel, envoy } = scenario;
  const observing = observingNothing;
  const [upstream, servers, lease] = await all.addTogether(
    TcpUpstreamServer.start(scenario.upstream, site.serverHost),
    TestServers.start(scenario, site.serverHost),
    envoyFor({ site, plugins, services: [], logLevel, envoy, observing }),
  );
  const ports = { upstream: upstream.port, ...servers.ports };
  const { isolation } = lease;
  await lease.set([...clusterResources(ports, isolation), ...networkListener(scenario, isolation)], {
    plugins,
    port: envoy.port,
  });
  const address = await lease.address(proxyListener);
  return new RunningNetworkEnvoy({ scenario, lease, address, upstream, servers, all });
}
