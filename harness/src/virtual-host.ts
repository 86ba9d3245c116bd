import type { Metadata, Route, VirtualHost } from "./backend.ts";
import { refuseUnknownOptions } from "./options.ts";

/**
 * One way of a request to the upstream.
 *
 * @category Start a proxy
 */
export interface RouteOptions {
  /** How the path begins. */
  prefix: string;
  /** Default "". */
  name?: string;
  /** The route's `metadata.filter_metadata`: JSON objects by namespace. */
  metadata?: Metadata;
}

/**
 * Where requests go; all routes lead to the upstream.
 *
 * @category Start a proxy
 */
export interface VirtualHostOptions {
  /** Default `proxy`. */
  name?: string;
  /** As a route's. */
  metadata?: Metadata;
  /** In the order in which they are tried; every other path has a route without name and metadata. */
  routes?: readonly RouteOptions[];
}

const virtualHostOptionNames = ["name", "metadata", "routes"];
const routeOptionNames = ["prefix", "name", "metadata"];

/** With a last route for every path that no other has. Refused with `invalid_input`. */
export function virtualHostOf(options: VirtualHostOptions): VirtualHost {
  refuseUnknownOptions("virtualHost", options, virtualHostOptionNames);
  const { name = "proxy", metadata = {}, routes = [] } = options;
  return { name, metadata, routes: [...routes, { prefix: "/" }].map(routeOf) };
}

function routeOf(options: RouteOptions): Route {
  refuseUnknownOptions("routes", options, routeOptionNames);
  return { name: "", metadata: {}, ...options };
}
