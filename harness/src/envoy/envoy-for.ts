import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import type { Scenario, Service } from "../backend.ts";
import type { LogLevel } from "../observation.ts";
import { statsTags } from "../stats-tags.ts";
import type { Resource } from "../xds/resource.ts";
import { Envoy } from "./envoy.ts";
import type { FirstUse } from "./envoy-parts.ts";
import { EnvoyLease, type EnvoyUse } from "./envoy-lease.ts";
import type { EnvoySite } from "./envoy-site.ts";
import { Isolation } from "./isolation.ts";

/** What an Envoy is chosen by. */
export interface EnvoyWanted extends EnvoyUse, Pick<Scenario, "envoy"> {
  /** What to start, and where. */
  readonly site: EnvoySite;
  readonly startMs?: number | undefined;
  /** Of Envoy's `wasm` logger. */
  readonly logLevel: LogLevel;
  readonly services: readonly Service[];
  /** Those that services call: they have to be there before any service runs. Default none. */
  readonly clusters?: () => Promise<readonly Cluster[]>;
  /** What it will be set to first. A new Envoy is told while it starts. */
  readonly first?: (isolation: Isolation) => Promise<readonly Resource[]>;
}

/**
 * An Envoy of the scenario's pool; or one of its own, when there is no pool, or when it could not be told apart from
 * other users: services live as long as Envoy, and a vm_id that is named belongs to all of it. It listens to the plugins
 * and observes. Refused as `Envoy.start` is, and with `invalid_input` for an unknown logger.
 */
export async function envoyFor(wanted: EnvoyWanted): Promise<EnvoyLease> {
  const { envoy, plugins, observing, services, clusters } = wanted;
  const { concurrency, drainSeconds = 0 } = envoy;
  const labels = [...plugins.flatMap(({ module }) => module.manifest.labels), ...(envoy.labels ?? [])];
  const pool = isApart(wanted) ? undefined : envoy.pool;
  const isolation = pool === undefined ? Isolation.none : Isolation.next(envoy);
  const setup = {
    services,
    statsTags: statsTags(labels),
    clusters: services.length > 0 ? ((await clusters?.()) ?? []) : [],
  };
  const { site, startMs, logLevel } = wanted;
  const first = firstUse(wanted, isolation);
  const options = { site, startMs, logLevel, concurrency, drainSeconds, setup, first };
  const logLevels = { ...observing.logLevels, wasm: logLevel };
  const use = { plugins, observing: { ...observing, logLevels } };
  if (pool !== undefined) {
    const leased = pool.lease(options, isolation, use);
    void wanted.first?.(isolation).catch(() => undefined); // made meanwhile; whoever sets them is told
    return leased;
  }
  const isObserved = observing.isTraced || observing.accessLog !== null;
  const lease = new EnvoyLease(await Envoy.start({ ...options, isObserved }));
  await lease.begin(use);
  return lease;
}

/** Whether it could not be told apart from other users. */
function isApart({ envoy: { drainSeconds = 0 }, services, plugins }: EnvoyWanted): boolean {
  return drainSeconds > 0 || services.length > 0 || plugins.some(({ vmId }) => vmId !== "");
}

/** None where loggers have to be at other levels before anything is loaded. */
function firstUse(wanted: EnvoyWanted, isolation: Isolation): FirstUse | undefined {
  const { first, plugins, observing, envoy } = wanted;
  if (first === undefined || Object.keys(observing.logLevels).length > 0) return undefined;
  return {
    resources: () => first(isolation),
    refused: { plugins: isolation.plugins(plugins), port: envoy.port },
  };
}
