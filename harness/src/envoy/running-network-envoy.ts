import type { NetworkScenario, RunningConnection, RunningNetworkProxy } from "../backend.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoyLease } from "./envoy-lease.ts";
import { ObservedEnvoy, settleMs } from "./observed-envoy.ts";
import { proxyListener, upstreamCluster } from "./scenario-resources.ts";
import type { Address } from "./supervised-envoy.ts";
import { TcpClient } from "./tcp-client.ts";
import type { TcpUpstreamServer } from "./tcp-upstream-server.ts";
import type { TestServers } from "./test-servers.ts";

/** The parts of a proxy; `all` ends them. */
export interface NetworkParts {
  readonly scenario: NetworkScenario;
  readonly lease: EnvoyLease;
  /** Where the proxy listens. */
  readonly address: Address;
  readonly upstream: TcpUpstreamServer;
  readonly servers: TestServers;
  readonly all: Disposals;
}

const destroyedTotal = `listener.${proxyListener}.downstream_cx_destroy`;

/** A real Envoy that serves connections through network filters. */
export class RunningNetworkEnvoy extends ObservedEnvoy implements RunningNetworkProxy {
  private readonly parts: NetworkParts;
  private readonly clients: TcpClient[] = [];

  constructor(parts: NetworkParts) {
    super(parts.lease, parts.all);
    this.parts = parts;
  }

  async connect(): Promise<RunningConnection> {
    const { address, all, scenario } = this.parts;
    const client = await TcpClient.connect(address, async (work, what) => {
      await this.process.within(work, { ms: settleMs, what });
      scenario.upstream.refuseFailure();
    });
    this.clients.push(all.add(client));
    return client;
  }

  protected override refuseFailure(): void {
    this.parts.scenario.upstream.refuseFailure();
    this.parts.servers.refuseFailure();
  }

  /**
   * A client cannot tell whether the proxy has ended its direction or all of the connection. But a worker destroys a
   * connection before it takes the next event: behind the barrier Envoy's own count says how many must be logged.
   */
  protected override async settledMetrics(): Promise<Map<string, bigint>> {
    const { lease, upstream, servers } = this.parts;
    for (;;) {
      await lease.envoy.barrier.pass();
      const metrics = await lease.metrics();
      const count = (name: string): number => Number(metrics.get(name) ?? 0n);
      const connections = (name: string): number => count(`cluster.${upstreamCluster}.upstream_cx_${name}`);
      await this.process.accessLog.ended.reached(count(destroyedTotal));
      await upstream.caughtUp(connections("total") - connections("connect_fail"), connections("active"));
      await lease.envoy.admin.catchUp();
      if (this.unlogged.length === 0 && servers.areQuiet(metrics)) return lease.metrics();
    }
  }

  protected override unfinished(): string {
    const open = this.unlogged.length;
    if (open === 0) return "all connections have ended, but not every thread of Envoy answered";
    return `${open} of ${this.clients.length} connections did not end, although their clients have (a filter holds them, or the upstream does not end)`;
  }

  /** The connections that are over for the client and not for the proxy. */
  private get unlogged(): TcpClient[] {
    const { clientPorts } = this.process.accessLog;
    const over = this.clients.filter(({ isOver }) => isOver);
    if (this.parts.address.isForwarded === true) return over.slice(clientPorts.size); // how many is all that is known
    return over.filter(({ port }) => !clientPorts.has(port));
  }
}
