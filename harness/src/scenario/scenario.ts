import type { Identity } from "../certificates/identity.ts";
import type { Resource } from "../xds/resource.ts";
import type { Cluster } from "./cluster.ts";
import { endpointsOf } from "./endpoint.ts";
import { isPlugin } from "./filter.ts";
import { chainsOf, type Listener } from "./listener.ts";
import type { PluginOptions } from "../plugin-options.ts";

/**
 * What an Envoy is to do.
 *
 * @category Configure Envoy
 */
export interface Scenario {
  /** Where it takes connections. */
  readonly listeners: readonly Listener[];
  /** Where it leads. Default none. */
  readonly clusters?: readonly Cluster[];
  /** Certificates that Envoy has over SDS, by the names under which `tls` has them. Default none. */
  readonly secrets?: Readonly<Record<string, Identity>>;
  /** Whatever else a control plane serves, made by `resource(Schema, init)`. Default none. */
  readonly resources?: readonly Resource[];
}

/**
 * What changes in a scenario that runs: what is named anew takes the place of what had its name, and everything else
 * stays as it is.
 *
 * @category Configure Envoy
 */
export interface ScenarioChange extends Partial<Scenario> {
  /** Default none. */
  readonly remove?: Removed;
}

/**
 * The names of what goes.
 *
 * @category Configure Envoy
 */
export interface Removed {
  /** With their routes. Default none. */
  readonly listeners?: readonly string[];
  /** Default none. */
  readonly clusters?: readonly string[];
}

/** Every Wasm plugin of it, in the order of the listeners. */
export function pluginsOf({ listeners = [] }: ScenarioChange): PluginOptions[] {
  return listeners
    .flatMap(chainsOf)
    .flatMap(({ httpFilters = [], filters = [], accessLoggers = [] }) => [
      ...[...accessLoggers].filter(isPlugin),
      ...[...httpFilters, ...filters].filter(isPlugin),
    ]);
}

/** What a scenario has after a change. */
export function changed(scenario: Scenario, change: ScenarioChange): Scenario {
  const { listeners = [], clusters = [], secrets = {}, resources = [], remove = {} } = change;
  return {
    listeners: replaced(scenario.listeners, listeners, remove.listeners),
    clusters: replaced(scenario.clusters ?? [], clusters, remove.clusters),
    secrets: { ...scenario.secrets, ...secrets },
    resources: [...(scenario.resources ?? []), ...resources],
  };
}

/** Whether it leads to a listener of its own, whose port is known only when it listens. */
export function leadsToListener({ endpoints }: Cluster): boolean {
  return endpointsOf(endpoints).some(({ server }) => typeof server === "object" && "listener" in server);
}

function replaced<T extends { readonly name: string }>(
  old: readonly T[],
  given: readonly T[],
  gone: readonly string[] = [],
): T[] {
  const names = new Set([...given.map(({ name }) => name), ...gone]);
  return [...old.filter(({ name }) => !names.has(name)), ...given];
}
