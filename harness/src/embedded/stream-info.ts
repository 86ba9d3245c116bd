import type { Route, VirtualHost } from "../backend.ts";

/** What Envoy knows of one stream beside its messages. */
export class StreamInfo {
  readonly virtualHost: VirtualHost;
  route: Route;
  readonly startNanos: bigint;
  /** Null until the stream is over. */
  endNanos: bigint | null = null;
  /** Whether the router has the request's headers, and has chosen a host for them. */
  isRouted = false;
  /** Whether the upstream has answered. */
  hasUpstream = false;
  /** Whether the whole answer of the upstream has come. */
  hasUpstreamEnded = false;
  /** How much of the request's body has come. */
  receivedBytes = 0n;
  /** How much of the response's body has gone to the client. */
  sentBytes = 0n;
  /** What filters stored by `proxy_set_property`, by name; later filters and the access log see it. */
  readonly filterState = new Map<string, Uint8Array>();

  private isRouteStale = false;

  /** The route is chosen before the first filter, and again by the router when the request has changed. */
  constructor(virtualHost: VirtualHost, path: string, startNanos: bigint) {
    this.virtualHost = virtualHost;
    this.route = routeFor(virtualHost, path);
    this.startNanos = startNanos;
  }

  /** Another route is to be chosen; until then filters are told of the old one. */
  forgetRoute(): void {
    this.isRouteStale = true;
  }

  /** Chooses the route anew if it was forgotten. */
  renewRoute(path: string): void {
    if (this.isRouteStale) this.route = routeFor(this.virtualHost, path);
    this.isRouteStale = false;
  }
}

const noRoute: Route = { name: "", prefix: "", metadata: {} };

function routeFor({ routes }: VirtualHost, path: string): Route {
  return routes.find(({ prefix }) => path.startsWith(prefix)) ?? noRoute;
}
