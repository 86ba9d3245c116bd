import type { Report } from "./finding.ts";
import type { Message } from "./structure/message.ts";

/** A configuration that was read: what the rules about meaning look at. */
export class Configuration {
  readonly roots: readonly Message[];
  /** Names of clusters that are configured elsewhere; null when it is not known which there are. */
  readonly otherClusters: readonly string[] | null;
  /** What paths of Wasm modules are relative to: where Envoy is started. */
  readonly folder: string;
  private readonly byType: ReadonlyMap<string, readonly Message[]>;

  constructor(roots: readonly Message[], { otherClusters, folder }: Surroundings) {
    this.roots = roots;
    this.otherClusters = otherClusters;
    this.folder = folder;
    this.byType = Map.groupBy(
      roots.flatMap((root) => [...root.all()]),
      ({ type }) => type,
    );
  }

  /** Every message of a type, however deep, in the order of the file. */
  all(type: string): readonly Message[] {
    return this.byType.get(type) ?? [];
  }
}

/** What a configuration cannot say of itself. */
export interface Surroundings {
  readonly otherClusters: readonly string[] | null;
  readonly folder: string;
}

/** A rule about meaning, or several that look at the same things. */
export type Check = (configuration: Configuration, report: Report) => void;

export const types = {
  bootstrap: "envoy.config.bootstrap.v3.Bootstrap",
  cluster: "envoy.config.cluster.v3.Cluster",
  endpoints: "envoy.config.endpoint.v3.ClusterLoadAssignment",
  listener: "envoy.config.listener.v3.Listener",
  filterChain: "envoy.config.listener.v3.FilterChain",
  routes: "envoy.config.route.v3.RouteConfiguration",
  virtualHost: "envoy.config.route.v3.VirtualHost",
  route: "envoy.config.route.v3.Route",
  retryPolicy: "envoy.config.route.v3.RetryPolicy",
  envoyGrpc: "envoy.config.core.v3.GrpcService.EnvoyGrpc",
  manager: "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
  router: "envoy.extensions.filters.http.router.v3.Router",
  httpWasm: "envoy.extensions.filters.http.wasm.v3.Wasm",
  networkWasm: "envoy.extensions.filters.network.wasm.v3.Wasm",
  plugin: "envoy.extensions.wasm.v3.PluginConfig",
  httpOptions: "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
} as const;
