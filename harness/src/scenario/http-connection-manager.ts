import { durationFromMs, type Any } from "@bufbuild/protobuf/wkt";
import { RouterSchema } from "../../api/envoy/extensions/filters/http/router/v3/router_pb.js";
import {
  HttpConnectionManager_CodecType,
  HttpConnectionManagerSchema,
  type HttpFilterSchema,
} from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { any } from "../envoy-api/any.ts";
import { HarnessError } from "../errors.ts";
import { accessLogFormat } from "../envoy/access-log.ts";
import { accessLogger, stdoutLog, type AccessLogger } from "./access-log.ts";
import { overAds } from "./ads.ts";
import { httpFilter, type HttpFilter } from "./filter.ts";
import { merged, type Fields } from "./merge.ts";
import { virtualHost, type Route, type VirtualHost } from "./route.ts";
import type { Surroundings } from "./surroundings.ts";

type ManagerFields = Fields<typeof HttpConnectionManagerSchema>;

/**
 * What becomes of HTTP on a connection.
 *
 * @category Configure Envoy
 */
export interface HttpChain {
  /** In the order in which a request meets them; the router comes by itself. Default none. */
  readonly httpFilters?: readonly HttpFilter[];
  /** In the order in which they are tried, for every authority. */
  readonly routes?: readonly Route[];
  /** Routes by authority, in place of `routes`. */
  readonly virtualHosts?: readonly VirtualHost[];
  /** Told of each stream that is over, in this order. Default none. */
  readonly accessLoggers?: readonly AccessLogger[];
  /** Whether the harness logs its streams: `settled()` waits for those that it logs. @internal */
  readonly isLogged?: boolean;
  /** Every other field of Envoy's `HttpConnectionManager`; its stat_prefix is the listener's name. */
  readonly httpConnectionManager?: ManagerFields;
}

/** Where a manager stands. */
export interface ManagerPlace {
  /** The listener. */
  readonly name: string;
  /** Of its routes, where they come by themselves. */
  readonly routesName: string;
  readonly isQuic: boolean;
}

/**
 * The network filter for HTTP. Streams are bounded, so that one that a filter has paused ends by itself, though
 * later than the harness gives up on it.
 */
export function httpConnectionManager(chain: HttpChain, place: ManagerPlace, around: Surroundings): Any {
  const { tracing, accessLog = [] } = around.observers;
  if (tracing !== undefined) refuseTracer(chain, place);
  const fields = merged({ ...defaults(place), tracing }, chain.httpConnectionManager);
  const filters = (chain.httpFilters ?? []).map((filter) => httpFilter(filter, around));
  return any(HttpConnectionManagerSchema, {
    ...fields,
    ...(virtualHostsOf(chain) === null ? {} : { routeSpecifier: routesOf(chain, place, around) }),
    statPrefix: `${place.name}${around.mark}`,
    httpFilters: [...filters, ...(fields.httpFilters ?? []), ...(filters.some(isRouter) ? [] : [router])],
    accessLog: [
      ...(chain.accessLoggers ?? []).map((logger) => accessLogger(logger, around)),
      ...(fields.accessLog ?? []),
      ...accessLog,
      ...(chain.isLogged === false
        ? []
        : [stdoutLog({ ...accessLogFormat, listener: `${place.name}${around.mark}` })]),
    ],
  });
}

/** Null when there are none, for the manager's own fields say where they come from. */
export function virtualHostsOf({ routes, virtualHosts }: HttpChain): readonly VirtualHost[] | null {
  if (virtualHosts !== undefined) return virtualHosts;
  return routes === undefined ? null : [virtualHost("all", ["*"], { routes })];
}

function defaults({ isQuic }: ManagerPlace): ManagerFields {
  return {
    codecType: HttpConnectionManager_CodecType[isQuic ? "HTTP3" : "AUTO"],
    httpProtocolOptions: { enableTrailers: true },
    commonHttpProtocolOptions: {
      idleTimeout: durationFromMs(300_000),
      maxStreamDuration: durationFromMs(60_000),
    },
    streamIdleTimeout: durationFromMs(30_000),
    requestTimeout: durationFromMs(30_000),
    delayedCloseTimeout: durationFromMs(100), // a response that is cut short shows its end only then; Envoy's default is 1 s
  };
}

/** There can be but one, and nobody would wait for the spans of another. */
function refuseTracer({ httpConnectionManager }: HttpChain, { name }: ManagerPlace): void {
  if (httpConnectionManager?.tracing?.provider === undefined) return;
  throw new HarnessError(
    "invalid_input",
    `listener "${name}" has a tracer of its own, and spans are asked for: leave out its provider, or tracing: true`,
  );
}

function routesOf(chain: HttpChain, { routesName }: ManagerPlace, around: Surroundings) {
  const virtualHosts = [...(virtualHostsOf(chain) ?? [])];
  if (!around.routesComeAlone) return { case: "routeConfig", value: { virtualHosts } } as const;
  return { case: "rds", value: { routeConfigName: routesName, configSource: overAds } } as const;
}

/** The last HTTP filter of every chain. */
const router = {
  name: "envoy.filters.http.router",
  configType: { case: "typedConfig", value: any(RouterSchema) },
} as const;

function isRouter({ configType }: Fields<typeof HttpFilterSchema>): boolean {
  return configType?.case === "typedConfig" && configType.value.typeUrl === router.configType.value.typeUrl;
}
