import type { GrpcUpstream } from "../grpc/upstream.ts";
import type { Upstream } from "../upstream.ts";
import { HttpUpstreamServer } from "../upstreams/http-upstream-server.ts";
import { Disposals } from "./disposals.ts";
import { areQuiet, GrpcServer } from "./grpc-server.ts";

/** The services that filters call, by the names of their clusters. */
export interface Services {
  readonly clusters: Readonly<Record<string, Upstream>>;
  readonly grpcClusters?: Readonly<Record<string, GrpcUpstream>>;
}

/** The servers of a test that filters call through Envoy. */
export class TestServers implements AsyncDisposable {
  private readonly all = new Disposals();
  private readonly clusters = new Map<string, HttpUpstreamServer>();
  private readonly grpcClusters = new Map<string, GrpcServer>();

  /** Each on a free port of an address of this machine. */
  static async start({ clusters, grpcClusters = {} }: Services, host: string): Promise<TestServers> {
    const servers = new TestServers();
    for (const [name, service] of Object.entries(clusters))
      servers.clusters.set(
        name,
        servers.all.add(await HttpUpstreamServer.start(service, { host, staysOpen: true })),
      );
    for (const [name, service] of Object.entries(grpcClusters))
      servers.grpcClusters.set(name, servers.all.add(await GrpcServer.start(service, host)));
    return servers;
  }

  /** Whether filters can call anybody. */
  get areAny(): boolean {
    return this.clusters.size + this.grpcClusters.size > 0;
  }

  /** Where they listen. */
  get ports(): Readonly<Record<"clusters" | "grpcClusters", Readonly<Record<string, number>>>> {
    return { clusters: portsOf(this.clusters), grpcClusters: portsOf(this.grpcClusters) };
  }

  /** Whether every callout was answered, and every gRPC call that is left waits for the filter that made it. */
  areQuiet(metrics: ReadonlyMap<string, bigint>): boolean {
    const countsOf = (cluster: string) => (name: string) => metrics.get(`cluster.${cluster}.${name}`) ?? 0n;
    return (
      [...this.clusters.keys()].every((cluster) => countsOf(cluster)("upstream_rq_active") === 0n) &&
      [...this.grpcClusters].every(([cluster, server]) => areQuiet([server], countsOf(cluster)))
    );
  }

  /** Throws what a handler threw. */
  refuseFailure(): void {
    for (const server of [...this.clusters.values(), ...this.grpcClusters.values()]) server.refuseFailure();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all[Symbol.asyncDispose]();
  }
}

function portsOf(servers: ReadonlyMap<string, { readonly port: number }>): Record<string, number> {
  return Object.fromEntries([...servers].map(([name, { port }]) => [name, port]));
}
