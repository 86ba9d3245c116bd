import type { Route, VirtualHost } from "../backend.ts";

/** What Envoy knows of one stream beside its messages. */
export class StreamInfo {
  readonly virtualHost: VirtualHost;
  route: Route;
  readonly startNanos: bigint;
  /** Null until the stream is over. */
  endNanos: bigint | null = null;
  /** Whether the upstream has answered. */
  hasUpstream = false;
  /** What filters stored by `proxy_set_property`, by name; later filters and the access log see it. */
  readonly filterState = new Map<string, Uint8Array>();

  /** The route is chosen before the first filter, and again only when a filter asks for it. */
  constructor(virtualHost: VirtualHost, path: string, startNanos: bigint) {
    this.virtualHost = virtualHost;
    this.route = routeFor(virtualHost, path);
    this.startNanos = startNanos;
  }

  /** Until the route is chosen again there is none. */
  forgetRoute(): void {
    this.route = noRoute;
  }

  chooseRoute(path: string): void {
    this.route = routeFor(this.virtualHost, path);
  }
}

const noRoute: Route = { name: "", prefix: "", metadata: {} };

function routeFor({ routes }: VirtualHost, path: string): Route {
  return routes.find(({ prefix }) => path.startsWith(prefix)) ?? noRoute;
}
