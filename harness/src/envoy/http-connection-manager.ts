import type { Metadata, VirtualHost } from "../backend.ts";

/** What the listeners of the harness differ in. */
export interface HttpConnectionManager {
  readonly filters: readonly object[];
  /** Where requests go. */
  readonly virtualHost: object;
  /** What is told of streams that are over, before the access log on stdout is written. */
  readonly accessLoggers?: readonly object[];
  /** Fields and formats of the access log on stdout; none is written without it. */
  readonly accessLog?: object;
  /** How long a connection without streams is kept; "0s" is for ever. */
  readonly idleTimeout: string;
}

/**
 * A network filter for HTTP/1.1. Streams are bounded, so that one that a filter has paused ends by itself, though
 * later than the harness gives up on it.
 */
export function httpConnectionManager(statPrefix: string, manager: HttpConnectionManager): object {
  return typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
    stat_prefix: statPrefix,
    codec_type: "HTTP1",
    http_protocol_options: { enable_trailers: true },
    common_http_protocol_options: { idle_timeout: manager.idleTimeout, max_stream_duration: "60s" },
    stream_idle_timeout: "30s",
    request_timeout: "30s",
    delayed_close_timeout: "0.1s", // a response that is cut short shows its end only then; Envoy's default is 1 s
    access_log: [
      ...(manager.accessLoggers ?? []),
      ...(manager.accessLog === undefined ? [] : [stdoutLog(manager.accessLog)]),
    ],
    http_filters: manager.filters,
    route_config: { virtual_hosts: [manager.virtualHost] },
  });
}

/** The last HTTP filter of every chain. */
export const router = typed("envoy.extensions.filters.http.router.v3.Router", {});

/** The last network filter of a chain that carries no HTTP. */
export function tcpProxy(statPrefix: string, cluster: string): object {
  return typed("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", {
    stat_prefix: statPrefix,
    cluster,
  });
}

/** An extension's configuration, named after its own type. */
export function typed(type: string, fields: object, name = type): object {
  return { name, typed_config: { "@type": `type.googleapis.com/${type}`, ...fields } };
}

/** All routes of a scenario, to one cluster. */
export function routesTo(cluster: string, { name, metadata, routes }: VirtualHost): object {
  return {
    name,
    domains: ["*"],
    metadata: filterMetadata(metadata),
    routes: routes.map((route) => ({
      name: route.name,
      match: { prefix: route.prefix },
      metadata: filterMetadata(route.metadata),
      route: { cluster },
    })),
  };
}

/** Every request is answered without an upstream. */
export function answering(name: string, status: number): object {
  return { name, domains: ["*"], routes: [{ match: { prefix: "/" }, direct_response: { status } }] };
}

function filterMetadata(metadata: Metadata): object {
  return { filter_metadata: metadata };
}

/** An access log in JSON, a line an entry. */
export function stdoutLog(format: object): object {
  return typed("envoy.extensions.access_loggers.stream.v3.StdoutAccessLog", {
    log_format: { json_format: format },
  });
}
