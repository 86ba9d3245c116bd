import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { allPlugins } from "../all-plugins.ts";
import type { RunningProxy, Scenario, StartBackend } from "../backend.ts";
import { HttpUpstreamServer } from "../upstreams/http-upstream-server.ts";
import { Http1Client } from "../clients/http1-client.ts";
import type { Resource } from "../xds/resource.ts";
import { Disposals } from "./disposals.ts";
import { envoyFor } from "./envoy-for.ts";
import type { EnvoySite } from "./envoy-site.ts";
import { requireEnvoy } from "./find.ts";
import { ProcessSite, type Binary } from "./process-site.ts";
import { RunningEnvoy } from "./running-envoy.ts";
import {
  clusterResources,
  clustersOf,
  httpListener,
  proxyListener,
  type ServerPorts,
} from "./scenario-resources.ts";
import { Isolation } from "./isolation.ts";
import { TestServers } from "./test-servers.ts";

/**
 * Starts the Envoy of this machine, wherever `findEnvoy` has it from, or takes one from the scenario's pool. Refused
 * with `envoy_not_available`. The transcript is filled at log level trace only, and at critical Envoy says nothing of
 * traps and refusals.
 */
export const startEnvoyBackend: StartBackend = async (scenario) =>
  startEnvoy(scenario, await requireEnvoy(scenario.envoy));

/** Bounds, for tests of the harness. */
export interface StartBounds {
  /** How long it may take until it serves. Default 20 s. */
  readonly startMs?: number;
  /** How long a request may take until its response is complete. Default 10 s. */
  readonly requestMs?: number;
}

/** As `startAt`, for a program of this machine. */
export function startEnvoy(scenario: Scenario, options: Binary & StartBounds): Promise<RunningProxy> {
  return startAt(new ProcessSite(options), scenario, options);
}

/**
 * Gives an Envoy the listener of a scenario and resolves when it serves. Refused with `configuration_refused`,
 * `port_in_use`, `envoy_exited` or `timeout`; nothing is left behind then.
 */
export async function startAt(
  site: EnvoySite,
  scenario: Scenario,
  bounds: StartBounds = {},
): Promise<RunningProxy> {
  const all = new Disposals();
  try {
    return await start(site, { scenario, ...bounds }, all);
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}

interface Start extends StartBounds {
  readonly scenario: Scenario;
}

async function start(
  site: EnvoySite,
  { scenario, startMs, requestMs = 10_000 }: Start,
  all: Disposals,
): Promise<RunningProxy> {
  const { services, logLevel, envoy, observing } = scenario;
  const host = site.serverHost;
  const plugins = allPlugins(scenario);
  const serving = [
    HttpUpstreamServer.start(scenario.upstream, { host, staysOpen: true }),
    TestServers.start(scenario, host),
  ] as const;
  const clusters = async (): Promise<Cluster[]> =>
    clustersOf(portsOf(await Promise.all(serving)), Isolation.none);
  let built: Promise<readonly Resource[]> | null = null;
  const first = (isolation: Isolation): Promise<readonly Resource[]> =>
    (built ??= resourcesOf(scenario, Promise.all(serving), isolation));
  const [upstream, servers, lease] = await all.addTogether(
    ...serving,
    envoyFor({ site, startMs, plugins, services, clusters, first, logLevel, envoy, observing }),
  );
  await lease.set(await first(lease.isolation), { plugins, port: envoy.port });
  const client = all.add(new Http1Client(await lease.address(proxyListener)));
  return new RunningEnvoy({ scenario, lease, client, upstream, servers, all, requestMs });
}

async function resourcesOf(
  scenario: Scenario,
  serving: Promise<readonly [HttpUpstreamServer, TestServers]>,
  isolation: Isolation,
): Promise<readonly Resource[]> {
  const ports = portsOf(await serving);
  return [...clusterResources(ports, isolation), ...httpListener(scenario, scenario, isolation)];
}

function portsOf([upstream, servers]: readonly [HttpUpstreamServer, TestServers]): ServerPorts {
  return { upstream: upstream.port, ...servers.ports };
}
