import type { JsonObject } from "@bufbuild/protobuf";
import { durationFromMs, type Any } from "@bufbuild/protobuf/wkt";
import type { MetadataSchema } from "../../api/envoy/config/core/v3/base_pb.js";
import type {
  HeaderMatcherSchema,
  RetryPolicySchema,
  RouteActionSchema,
  RouteMatchSchema,
  RouteSchema,
  VirtualHostSchema,
} from "../../api/envoy/config/route/v3/route_components_pb.js";
import type { Metadata } from "../backend.ts";
import { merged, type Fields } from "./merge.ts";

/**
 * Envoy's `envoy.config.route.v3.Route`.
 *
 * @category Describe an Envoy
 */
export type Route = Fields<typeof RouteSchema>;

/**
 * Envoy's `envoy.config.route.v3.VirtualHost`.
 *
 * @category Describe an Envoy
 */
export type VirtualHost = Fields<typeof VirtualHostSchema>;

/**
 * Which requests a route is for: how the path begins, or these.
 *
 * @category Describe an Envoy
 */
export interface RouteMatch {
  /** How the path begins. Default "/". */
  readonly prefix?: string;
  /** The whole path, in place of `prefix`. */
  readonly path?: string;
  /** What the whole path matches (RE2), in place of `prefix`. */
  readonly regex?: string;
  /** The values that headers have. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Every other field of Envoy's `RouteMatch`. */
  readonly with?: Fields<typeof RouteMatchSchema>;
}

/**
 * Where a request goes: a cluster, clusters by their weights, or nowhere, and is answered with this status.
 *
 * @category Describe an Envoy
 */
export type RouteTarget = string | number | Readonly<Record<string, number>>;

/**
 * When a request is sent again.
 *
 * @category Describe an Envoy
 */
export interface Retry {
  /** Envoy's `retry_on`: `5xx`, `connect-failure,reset`, … */
  readonly on: string;
  /** How often at most. Default 1. */
  readonly times?: number;
  /** How long one try may take. Default: as long as all of them. */
  readonly perTryTimeoutMs?: number;
  /** Every other field of Envoy's `RetryPolicy`. */
  readonly with?: Fields<typeof RetryPolicySchema>;
}

/**
 * What a route says besides.
 *
 * @category Describe an Envoy
 */
export interface RouteSettings {
  /** Default "". */
  readonly name?: string;
  /** How long the upstream may take, all tries together; 0 is for ever. Default Envoy's 15 s. */
  readonly timeoutMs?: number;
  /** How long nothing may happen on a stream. Default: the listener's. */
  readonly idleTimeoutMs?: number;
  /** Default: no request is sent again. */
  readonly retry?: Retry;
  /** The route's `metadata.filter_metadata`: JSON objects by namespace. */
  readonly metadata?: Metadata;
  /** What the route says to filters, by their names: `{ "envoy.filters.http.cors": any(CorsPolicySchema, …) }`. */
  readonly perFilter?: Readonly<Record<string, Any>>;
  /** Every other field of Envoy's `RouteAction`. */
  readonly action?: Fields<typeof RouteActionSchema>;
  /** Every other field of Envoy's `Route`. */
  readonly with?: Route;
}

/**
 * A route: `route("/", "service")`, `route({ path: "/", headers: { "x-beta": "1" } }, { stable: 90, canary: 10 })`,
 * `route("/health", 200)`.
 *
 * @category Describe an Envoy
 */
export function route(match: string | RouteMatch, to: RouteTarget, settings: RouteSettings = {}): Route {
  const { name = "", metadata = {}, perFilter = {} } = settings;
  const made: Route = {
    name,
    match: routeMatch(typeof match === "string" ? { prefix: match } : match),
    metadata: filterMetadata(metadata),
    typedPerFilterConfig: { ...perFilter },
    action:
      typeof to === "number"
        ? { case: "directResponse", value: { status: to } }
        : { case: "route", value: merged(routeAction(to, settings), settings.action) },
  };
  return merged(made, settings.with);
}

/**
 * Routes for some authorities: `virtualHost("api", ["api.example"], [route("/", "api")])`.
 *
 * @category Describe an Envoy
 */
export function virtualHost(
  name: string,
  domains: readonly string[],
  { routes, with: fields }: { readonly routes: readonly Route[]; readonly with?: VirtualHost },
): VirtualHost {
  return merged({ name, domains: [...domains], routes: [...routes] }, fields);
}

export function filterMetadata(metadata: Metadata): Fields<typeof MetadataSchema> {
  return { filterMetadata: metadata as Record<string, JsonObject> };
}

function routeMatch({ prefix = "/", path, regex, headers = {}, with: fields }: RouteMatch) {
  const made: Fields<typeof RouteMatchSchema> = {
    pathSpecifier: { case: "prefix", value: prefix },
    headers: Object.entries(headers).map(hasHeader),
  };
  if (path !== undefined) made.pathSpecifier = { case: "path", value: path };
  if (regex !== undefined) made.pathSpecifier = { case: "safeRegex", value: { regex } };
  return merged(made, fields);
}

function hasHeader([name, exact]: [string, string]): Fields<typeof HeaderMatcherSchema> {
  const matchPattern = { case: "exact", value: exact } as const;
  return { name, headerMatchSpecifier: { case: "stringMatch", value: { matchPattern } } };
}

function routeAction(
  to: string | Readonly<Record<string, number>>,
  { timeoutMs, idleTimeoutMs, retry }: RouteSettings,
): Fields<typeof RouteActionSchema> {
  return {
    clusterSpecifier: typeof to === "string" ? { case: "cluster", value: to } : weighted(to),
    ...(timeoutMs === undefined ? {} : { timeout: durationFromMs(timeoutMs) }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeout: durationFromMs(idleTimeoutMs) }),
    ...(retry === undefined ? {} : { retryPolicy: retryPolicy(retry) }),
  };
}

function weighted(weights: Readonly<Record<string, number>>) {
  const clusters = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return { case: "weightedClusters", value: { clusters } } as const;
}

function retryPolicy({ on, times = 1, perTryTimeoutMs, with: fields }: Retry) {
  const made: Fields<typeof RetryPolicySchema> = { retryOn: on, numRetries: times };
  if (perTryTimeoutMs !== undefined) made.perTryTimeout = durationFromMs(perTryTimeoutMs);
  return merged(made, fields);
}
