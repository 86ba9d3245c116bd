import type { Route, VirtualHost } from "../backend.ts";
import type { ClientConnection } from "./client-connections.ts";
import { FilterState } from "./filter-state.ts";

/** What Envoy knows of one stream beside its messages. */
export class StreamInfo {
  readonly virtualHost: VirtualHost;
  route: Route;
  readonly startNanos: bigint;
  /** Where the client is by the word of `x-forwarded-for`, with a port of 0; null when that says nothing. */
  forwardedAddress: string | null = null;
  /** That the client has sent it on. */
  readonly connection: ClientConnection;
  /** Null until the stream is over. */
  endNanos: bigint | null = null;
  /** Whether the router has the request's headers, and has chosen a host for them. */
  isRouted = false;
  /** Whether the upstream has answered. */
  hasUpstream = false;
  /** Whether the whole answer of the upstream has come. */
  hasUpstreamEnded = false;
  /** How much of the request's body has come. */
  receivedBytes = 0;
  /** How much of the response's body has gone to the client. */
  sentBytes = 0;
  private stored: FilterState | null = null;
  private isRouteStale = false;

  /** The route is chosen before the first filter, and again by the router when the request has changed. */
  constructor(connection: ClientConnection, virtualHost: VirtualHost, path: string, startNanos: bigint) {
    this.connection = connection;
    this.virtualHost = virtualHost;
    this.route = routeFor(virtualHost, path);
    this.startNanos = startNanos;
  }

  /** What filters stored, by name; later filters and the access log see it. */
  get filterState(): FilterState {
    return (this.stored ??= FilterState.ofStream(this.connection.filterState));
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
