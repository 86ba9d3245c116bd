import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import type { Plugin, Scenario, Service } from "../backend.ts";
import { statsTags } from "../stats-tags.ts";
import { Envoy } from "./envoy.ts";
import { EnvoyLease } from "./envoy-lease.ts";
import type { EnvoySite } from "./envoy-site.ts";
import { Isolation } from "./isolation.ts";

/** What an Envoy is chosen by. */
export interface EnvoyWanted extends Pick<Scenario, "logLevel" | "envoy"> {
  /** What to start, and where. */
  readonly site: EnvoySite;
  readonly startMs?: number | undefined;
  /** All that will run. */
  readonly plugins: readonly Plugin[];
  readonly services: readonly Service[];
  /** Those that services call: they have to be there before any service runs. Default none. */
  readonly clusters?: readonly Cluster[];
}

/**
 * An Envoy of the scenario's pool; or one of its own, when there is no pool, or when it could not be told apart from
 * other users: services live as long as Envoy, and a vm_id that is named belongs to all of it.
 */
export async function envoyFor(wanted: EnvoyWanted): Promise<EnvoyLease> {
  const { envoy, plugins, services, clusters = [], ...options } = wanted;
  const { concurrency, pool, drainSeconds = 0 } = envoy;
  const labels = [...plugins.flatMap(({ module }) => module.manifest.labels), ...(envoy.labels ?? [])];
  const isApart = drainSeconds > 0 || services.length > 0 || plugins.some(({ vmId }) => vmId !== "");
  const all = {
    ...options,
    concurrency,
    drainSeconds,
    setup: { services, statsTags: statsTags(labels), clusters },
  };
  if (pool !== undefined && !isApart) return pool.lease(all, Isolation.next(envoy));
  return new EnvoyLease(await Envoy.start(all));
}
