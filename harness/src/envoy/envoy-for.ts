import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import type { Scenario, Service } from "../backend.ts";
import type { LogLevel } from "../observation.ts";
import { statsTags } from "../stats-tags.ts";
import { Envoy } from "./envoy.ts";
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
}

/**
 * An Envoy of the scenario's pool; or one of its own, when there is no pool, or when it could not be told apart from
 * other users: services live as long as Envoy, and a vm_id that is named belongs to all of it. It listens to the plugins
 * and observes. Refused as `Envoy.start` is, and with `invalid_input` for an unknown logger.
 */
export async function envoyFor(wanted: EnvoyWanted): Promise<EnvoyLease> {
  const { envoy, plugins, observing, services, clusters, ...options } = wanted;
  const { concurrency, pool, drainSeconds = 0 } = envoy;
  const labels = plugins.flatMap(({ module }) => module.manifest.labels);
  const isApart = drainSeconds > 0 || services.length > 0 || plugins.some(({ vmId }) => vmId !== "");
  const all = {
    ...options,
    concurrency,
    drainSeconds,
    setup: {
      services,
      statsTags: statsTags(labels),
      clusters: services.length > 0 ? ((await clusters?.()) ?? []) : [],
    },
  };
  const logLevels = { ...observing.logLevels, wasm: wanted.logLevel };
  const use = { plugins, observing: { ...observing, logLevels } };
  if (pool !== undefined && !isApart) return pool.lease(all, Isolation.next(envoy), use);
  const lease = new EnvoyLease(await Envoy.start(all));
  await lease.begin(use);
  return lease;
}
