import { Disposals } from "../envoy/disposals.ts";
import { areQuiet, GrpcServer } from "../envoy/grpc-server.ts";
import { TcpUpstreamServer } from "../envoy/tcp-upstream-server.ts";
import { HarnessError } from "../errors.ts";
import { GrpcUpstream } from "../grpc/upstream.ts";
import { TcpUpstream } from "../tcp-upstream.ts";
import { Upstream } from "../upstream.ts";
import type { ServerTls } from "../upstreams/connections.ts";
import { HttpUpstreamServer } from "../upstreams/http-upstream-server.ts";
import type { Cluster } from "./cluster.ts";
import { endpointsOf, type Endpoint } from "./endpoint.ts";
import { grpcGroups } from "./grpc-groups.ts";

type Counts = ReadonlyMap<string, bigint>;

/** The servers that the test has written, each on a free port of a host; one that several clusters have is there once. */
export class Servers implements AsyncDisposable {
  private readonly host: string;
  private readonly all = new Disposals();
  private readonly http = new Map<Upstream, HttpUpstreamServer>();
  private readonly grpc = new Map<GrpcUpstream, GrpcServer>();
  private readonly tcp = new Map<TcpUpstream, TcpUpstreamServer>();

  constructor(host: string) {
    this.host = host;
  }

  /** Starts what these clusters have and what does not run yet. */
  async start(clusters: readonly Cluster[]): Promise<void> {
    for (const { server, tls } of clusters.flatMap(({ endpoints }) => endpointsOf(endpoints))) {
      if (server instanceof Upstream) await this.startHttp(server, tls);
      else if (server instanceof GrpcUpstream && !this.grpc.has(server))
        this.grpc.set(server, this.all.add(await GrpcServer.start(server, this.host)));
      else if (server instanceof TcpUpstream && !this.tcp.has(server))
        this.tcp.set(server, this.all.add(await TcpUpstreamServer.start(server, this.host)));
    }
  }

  /** Null when it is none of these servers. */
  portOf(server: Endpoint["server"]): number | null {
    if (server instanceof Upstream) return this.http.get(server)?.port ?? null;
    if (server instanceof GrpcUpstream) return this.grpc.get(server)?.port ?? null;
    return server instanceof TcpUpstream ? (this.tcp.get(server)?.port ?? null) : null;
  }

  /** Refused with `invalid_input` when no cluster leads to it. */
  serverOf(upstream: Upstream): HttpUpstreamServer {
    const server = this.http.get(upstream);
    if (server !== undefined) return server;
    throw new HarnessError(
      "invalid_input",
      'no cluster of the scenario leads to this upstream: give it to one, as in cluster("service", upstream)',
    );
  }

  /** Whether nothing is on its way between Envoy and the servers of these clusters, as Envoy's counts have it. */
  areQuiet(clusters: readonly Cluster[], metrics: Counts): boolean {
    const count = (name: string, stat: string): bigint => metrics.get(`cluster.${name}.${stat}`) ?? 0n;
    if (clusters.some((one) => hasUpstream(one) && count(one.name, "upstream_rq_active") !== 0n))
      return false;
    return grpcGroups(clusters).every((group) => {
      const servers = [...group.services].flatMap((service) => this.grpc.get(service) ?? []);
      return areQuiet(servers, (stat) => group.clusters.reduce((sum, name) => sum + count(name, stat), 0n));
    });
  }

  /** Waits until the TCP server of a cluster, if that is what it has, knows of every connection what Envoy knows. */
  async caughtUp({ name, endpoints }: Cluster, metrics: Counts): Promise<void> {
    const count = (stat: string): number => Number(metrics.get(`cluster.${name}.upstream_cx_${stat}`) ?? 0n);
    const [first, ...others] = endpointsOf(endpoints).map(({ server }) => server);
    if (!(first instanceof TcpUpstream) || others.length > 0) return;
    await this.tcp.get(first)?.caughtUp(count("total") - count("connect_fail"), count("active"));
  }

  /** Throws what a handler threw. */
  refuseFailure(): void {
    for (const server of [...this.http.values(), ...this.grpc.values(), ...this.tcp.keys()])
      server.refuseFailure();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all[Symbol.asyncDispose]();
  }

  private async startHttp(upstream: Upstream, tls: ServerTls | undefined): Promise<void> {
    if (this.http.has(upstream)) return;
    const options = { host: this.host, ...(tls === undefined ? {} : { tls }) };
    this.http.set(upstream, this.all.add(await HttpUpstreamServer.start(upstream, options)));
  }
}

function hasUpstream({ endpoints }: Cluster): boolean {
  return endpointsOf(endpoints).some(({ server }) => server instanceof Upstream);
}
