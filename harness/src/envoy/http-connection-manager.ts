import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, type Any } from "@bufbuild/protobuf/wkt";
import type { AccessLogSchema } from "../../api/envoy/config/accesslog/v3/accesslog_pb.js";
import type { MetadataSchema } from "../../api/envoy/config/core/v3/base_pb.js";
import type { VirtualHostSchema } from "../../api/envoy/config/route/v3/route_components_pb.js";
import { StdoutAccessLogSchema } from "../../api/envoy/extensions/access_loggers/stream/v3/stream_pb.js";
import { RouterSchema } from "../../api/envoy/extensions/filters/http/router/v3/router_pb.js";
import {
  HttpConnectionManager_CodecType,
  HttpConnectionManagerSchema,
  type HttpConnectionManager_TracingSchema,
  type HttpFilterSchema,
} from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { TcpProxySchema } from "../../api/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js";
import type { Metadata, VirtualHost } from "../backend.ts";
import { any } from "../envoy-api/any.ts";

type AccessLog = MessageInitShape<typeof AccessLogSchema>;
type HttpFilter = MessageInitShape<typeof HttpFilterSchema>;
type EnvoyVirtualHost = MessageInitShape<typeof VirtualHostSchema>;

/** What the listeners of the harness differ in. */
export interface HttpConnectionManager {
  readonly filters: readonly HttpFilter[];
  /** Where requests go. */
  readonly virtualHost: EnvoyVirtualHost;
  /** What is told of streams that are over, in this order. */
  readonly accessLog?: readonly AccessLog[];
  /** How streams are traced; without it they are not. */
  readonly tracing?: MessageInitShape<typeof HttpConnectionManager_TracingSchema> | undefined;
  /** How long a connection without streams is kept; 0 is for ever. */
  readonly idleTimeoutMs: number;
}

/**
 * A network filter for HTTP/1.1. Streams are bounded, so that one that a filter has paused ends by itself, though
 * later than the harness gives up on it.
 */
export function httpConnectionManager(statPrefix: string, manager: HttpConnectionManager): Any {
  return any(HttpConnectionManagerSchema, {
    statPrefix,
    codecType: HttpConnectionManager_CodecType.HTTP1,
    httpProtocolOptions: { enableTrailers: true },
    commonHttpProtocolOptions: {
      idleTimeout: durationFromMs(manager.idleTimeoutMs),
      maxStreamDuration: durationFromMs(60_000),
    },
    streamIdleTimeout: durationFromMs(30_000),
    requestTimeout: durationFromMs(30_000),
    delayedCloseTimeout: durationFromMs(100), // a response that is cut short shows its end only then; Envoy's default is 1 s
    accessLog: [...(manager.accessLog ?? [])],
    tracing: manager.tracing,
    httpFilters: [...manager.filters, router],
    routeSpecifier: { case: "routeConfig", value: { virtualHosts: [manager.virtualHost] } },
  });
}

/** The last HTTP filter of every chain. */
const router: HttpFilter = {
  name: "envoy.filters.http.router",
  configType: { case: "typedConfig", value: any(RouterSchema) },
};

/** The last network filter of a chain that carries no HTTP. */
export function tcpProxy(statPrefix: string, cluster: string): Any {
  return any(TcpProxySchema, { statPrefix, clusterSpecifier: { case: "cluster", value: cluster } });
}

/** All routes of a scenario, to one cluster. */
export function routesTo(cluster: string, { name, metadata, routes }: VirtualHost): EnvoyVirtualHost {
  return {
    name,
    domains: ["*"],
    metadata: filterMetadata(metadata),
    routes: routes.map((route) => ({
      name: route.name,
      match: { pathSpecifier: { case: "prefix", value: route.prefix } },
      metadata: filterMetadata(route.metadata),
      action: {
        case: "route",
        value: { clusterSpecifier: { case: "cluster", value: cluster } },
      },
    })),
  };
}

/** Every request is answered without an upstream. */
export function answering(name: string, status: number): EnvoyVirtualHost {
  return {
    name,
    domains: ["*"],
    routes: [
      {
        match: { pathSpecifier: { case: "prefix", value: "/" } },
        action: { case: "directResponse", value: { status } },
      },
    ],
  };
}

function filterMetadata(metadata: Metadata): MessageInitShape<typeof MetadataSchema> {
  return { filterMetadata: metadata as Record<string, JsonObject> };
}

/** An access log in JSON, a line an entry. */
export function stdoutLog(format: JsonObject): AccessLog {
  return {
    name: "envoy.access_loggers.stdout",
    configType: {
      case: "typedConfig",
      value: any(StdoutAccessLogSchema, {
        accessLogFormat: {
          case: "logFormat",
          value: { format: { case: "jsonFormat", value: format } },
        },
      }),
    },
  };
}
