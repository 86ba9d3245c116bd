import { GrpcUpstream } from "./grpc/upstream.ts";
import type { StartedProxy } from "./proxy.ts";
import type { ProxyOptions } from "./proxy-options.ts";
import { startProxy } from "./start.ts";
import { Upstream } from "./upstream.ts";

/**
 * What a scenario that runs many times starts from: as `startProxy` takes it, but for services, of which each run has its own.
 *
 * @category Write tests
 */
export interface RepeatedOptions extends Omit<ProxyOptions, "upstream" | "clusters" | "grpcClusters"> {
  /** The names of the clusters that the filter can call. Default none. */
  clusters?: readonly string[];
  /** The names of the clusters of gRPC services that the filter can call. Default none. */
  grpcClusters?: readonly string[];
}

/**
 * What each run of a scenario is given, all of it new.
 *
 * @category Write tests
 */
export interface FreshProxy {
  /** The proxy, which ends with the run. */
  readonly proxy: StartedProxy;
  /** The service behind it. */
  readonly upstream: Upstream;
  /** The services that the filter can call, by their names. */
  readonly clusters: Readonly<Record<string, Upstream>>;
  /** The gRPC services that the filter can call, by their names. */
  readonly grpcClusters: Readonly<Record<string, GrpcUpstream>>;
}

/** Starts a proxy with services of its own. Refused as `startProxy` is. */
export async function startFresh(options: RepeatedOptions): Promise<FreshProxy> {
  const { clusters: names = [], grpcClusters: grpcNames = [], ...proxyOptions } = options;
  const upstream = new Upstream();
  const clusters = Object.fromEntries(names.map((name) => [name, new Upstream()]));
  const grpcClusters = Object.fromEntries(grpcNames.map((name) => [name, new GrpcUpstream()]));
  const proxy = await startProxy({ ...proxyOptions, upstream, clusters, grpcClusters });
  return { proxy, upstream, clusters, grpcClusters };
}
