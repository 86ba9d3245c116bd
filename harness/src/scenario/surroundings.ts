import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { PluginOptions } from "../start.ts";
import { parseAddress, type Address } from "./address.ts";
import type { Server } from "./endpoint.ts";

/** What the messages of a scenario depend on besides what it says: what was started and loaded for it. */
export interface Surroundings {
  /** Stands behind the names of stats, so that the users of one Envoy do not share them. */
  readonly mark: string;
  /** Whether routes come by themselves, over RDS, or within their listener. */
  readonly routesComeAlone: boolean;
  /** What was loaded for it. */
  plugin(options: PluginOptions): Plugin;
  /** Where it listens; null while nobody knows. */
  address(server: Server): Address | null;
}

/** Of a scenario that has neither plugins to load nor servers to start. */
export function bareSurroundings(mark: string): Surroundings {
  return {
    mark,
    routesComeAlone: false,
    plugin: ({ filter }) => {
      throw new HarnessError("internal", `${filter} was not loaded`);
    },
    address: (server) => (typeof server === "string" ? parseAddress(server) : null),
  };
}
