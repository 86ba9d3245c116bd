import type { NetworkScenario, RunningNetworkProxy, StartNetworkBackend } from "../backend.ts";
import { connected, flags, portsOf } from "./backend.ts";
import { networkBootstrap } from "./bootstrap.ts";
import { Disposals } from "./disposals.ts";
import { EnvoyProcess } from "./envoy-process.ts";
import { requireEnvoy, type EnvoyBinary } from "./find.ts";
import { refusal } from "./refusal.ts";
import { RunningNetworkEnvoy } from "./running-network-envoy.ts";
import { TcpUpstreamServer } from "./tcp-upstream-server.ts";
import { UpstreamServer } from "./upstream-server.ts";

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
  envoy: EnvoyBinary,
  all: Disposals,
): Promise<RunningNetworkProxy> {
  const upstream = all.add(await TcpUpstreamServer.start(scenario.upstream));
  const clusters: Record<string, UpstreamServer> = {};
  for (const [name, service] of Object.entries(scenario.clusters))
    clusters[name] = all.add(await UpstreamServer.start(service));
  const process = all.add(
    new EnvoyProcess({
      binary: envoy.path,
      flags: flags(scenario, envoy.version),
      configuration: networkBootstrap(scenario, {
        upstream: upstream.port,
        clusters: portsOf(clusters),
        grpcClusters: {},
      }),
      plugins: scenario.plugins,
    }),
  );
  const { admin, barrier, port } = await process.within(connected(process, scenario.envoy), {
    ms: 20_000,
    what: () => 'Envoy has not logged "starting main dispatch loop", which it does when it serves',
    gone: (exitCode) => refusal(process.log, exitCode, scenario),
  });
  all.add(admin);
  all.add(barrier);
  return new RunningNetworkEnvoy({
    scenario,
    process,
    admin,
    barrier,
    port,
    server: upstream,
    clusters,
    all,
  });
}
