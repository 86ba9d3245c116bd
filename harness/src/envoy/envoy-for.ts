import type { Plugin, Scenario, Service } from "../backend.ts";
import { statsTags } from "../stats-tags.ts";
import { Envoy, type Binary } from "./envoy.ts";
import { EnvoyLease } from "./envoy-lease.ts";
import { Isolation } from "./isolation.ts";
import { clustersOf, type ServerPorts } from "./scenario-resources.ts";

/** What an Envoy is chosen by. */
export interface EnvoyWanted extends Pick<Scenario, "logLevel" | "envoy"> {
  /** The program to start. */
  readonly binary: Binary;
  readonly startMs?: number | undefined;
  /** All that will run. */
  readonly plugins: readonly Plugin[];
  readonly services: readonly Service[];
  readonly ports: ServerPorts;
}

/**
 * An Envoy of the scenario's pool; or one of its own, when there is no pool, or when it could not be told apart from
 * other users: services live as long as Envoy, and a vm_id that is named belongs to all of it.
 */
export async function envoyFor(wanted: EnvoyWanted): Promise<EnvoyLease> {
  const { envoy, plugins, services, ports, ...options } = wanted;
  const { concurrency, pool } = envoy;
  const labels = plugins.flatMap(({ module }) => module.manifest.labels);
  const isApart = services.length > 0 || plugins.some(({ vmId }) => vmId !== "");
  const clusters = services.length > 0 ? clustersOf(ports, Isolation.none) : [];
  const all = { ...options, concurrency, setup: { services, statsTags: statsTags(labels), clusters } };
  if (pool !== undefined && !isApart) return pool.lease(all, Isolation.next(envoy));
  return new EnvoyLease(await Envoy.start(all));
}
