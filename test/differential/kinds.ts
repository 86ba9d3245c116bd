import type { Moment } from "./abi.ts";
import { hasMetadata } from "./metadata/has-metadata.ts";
import { begunMoments } from "./places/plugins.ts";
import { playersOf, type Scenario } from "./play.ts";

/** What a scenario is about: a stream of one filter, one with METADATA, several plugins, callbacks of a plugin, a connection, a service. */
export const kinds = [
  "stream",
  "METADATA",
  "plugins",
  "callbacks of a plugin",
  "connection",
  "service",
] as const;
export type Kind = (typeof kinds)[number];

const ofPlugins: readonly Moment[] = begunMoments;

/** A scenario's kind. */
export function kindOf(scenario: Scenario): Kind {
  if ("turns" in scenario) return "connection";
  if ("serves" in scenario) return "service";
  if (hasMetadata(scenario)) return "METADATA";
  if (playersOf(scenario).length > 1) return "plugins";
  const moments = Object.keys(scenario.program) as Moment[];
  const isOfPlugin = moments.some((moment) => ofPlugins.includes(moment) || moment.endsWith("plugin"));
  return isOfPlugin ? "callbacks of a plugin" : "stream";
}
