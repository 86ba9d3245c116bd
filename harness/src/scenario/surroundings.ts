import type { HttpConnectionManagerSchema } from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { PluginOptions } from "../plugin-options.ts";
import { parseAddress, type Address } from "./address.ts";
import type { Server } from "./endpoint.ts";
import type { Fields } from "./merge.ts";

/** What a connection manager has for the harness, so that streams are told of. */
export type Observers = Pick<Fields<typeof HttpConnectionManagerSchema>, "tracing" | "accessLog">;

/** What the messages of a scenario depend on besides what it says: what was started and loaded for it. */
export interface Surroundings {
  /** Stands behind the names of stats, so that the users of one Envoy do not share them. */
  readonly mark: string;
  /** Whether routes come by themselves, over RDS, or within their listener. */
  readonly routesComeAlone: boolean;
  /** Of every connection manager. */
  readonly observers: Observers;
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
    observers: {},
    plugin: ({ filter }) => {
      throw new HarnessError("internal", `${filter} was not loaded`);
    },
    address: (server) => (typeof server === "string" ? parseAddress(server) : null),
  };
}
