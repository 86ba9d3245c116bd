import type { NetworkScenario, Observation, RunningConnection, RunningNetworkProxy } from "../backend.ts";
import type { HistogramSummary, Trap } from "../observation.ts";
import type { Admin } from "./admin.ts";
import { proxyListener, upstreamCluster } from "./bootstrap.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoyProcess } from "./envoy-process.ts";
import { catchUp, timeIsReal } from "./running-envoy.ts";
import { TcpClient } from "./tcp-client.ts";
import type { TcpUpstreamServer } from "./tcp-upstream-server.ts";
import type { UpstreamServer } from "./upstream-server.ts";
import type { WorkerBarrier } from "./worker-barrier.ts";

/** The parts of a started Envoy; `all` ends them. */
export interface NetworkEnvoyParts {
  readonly scenario: NetworkScenario;
  readonly process: EnvoyProcess;
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  /** Where the proxy listens. */
  readonly port: number;
  readonly server: TcpUpstreamServer;
  readonly clusters: Readonly<Record<string, UpstreamServer>>;
  readonly all: Disposals;
}

const boundMs = 10_000;
const destroyedTotal = `listener.${proxyListener}.downstream_cx_destroy`;
const connectionTimes = `listener.${proxyListener}.downstream_cx_length_ms`;

/** A real Envoy that serves connections through network filters. */
export class RunningNetworkEnvoy implements RunningNetworkProxy {
  private readonly parts: NetworkEnvoyParts;
  private readonly clients: TcpClient[] = [];

  constructor(parts: NetworkEnvoyParts) {
    this.parts = parts;
  }

  async connect(): Promise<RunningConnection> {
    const { port, all, process, scenario } = this.parts;
    const client = await TcpClient.connect(port, async (work, what) => {
      await process.within(work, { ms: boundMs, what });
      scenario.upstream.refuseFailure();
    });
    this.clients.push(all.add(client));
    return client;
  }

  async traps(): Promise<readonly Trap[]> {
    await catchUp(this.parts);
    return [...this.parts.process.log.traps];
  }

  async advance(): Promise<void> {
    throw timeIsReal("advanced");
  }

  freeze(): void {
    throw timeIsReal("stopped");
  }

  prometheus(): Promise<string> {
    return this.parts.admin.get("/stats/prometheus");
  }

  async settle(): Promise<Observation> {
    const { process, scenario, clusters } = this.parts;
    const bound = { ms: boundMs, what: () => this.openConnections() };
    const metrics = await process.within(this.settledMetrics(), bound);
    const histograms = await process.within(this.settledHistograms(metrics), bound);
    scenario.upstream.refuseFailure();
    for (const service of Object.values(clusters)) service.refuseFailure();
    const { entries, transcript, traps } = process.log;
    return {
      metrics,
      histograms,
      logs: [...entries],
      accessLog: [],
      transcript: [...transcript],
      traps: [...traps],
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.parts.all[Symbol.asyncDispose]();
  }

  /**
   * A client cannot tell whether the proxy has ended its direction or all of the connection. But a worker destroys a
   * connection before it takes the next event: behind the barrier Envoy's own count says how many must be logged.
   */
  private async settledMetrics(): Promise<Map<string, bigint>> {
    const { process, admin, barrier, server } = this.parts;
    for (;;) {
      await barrier.pass();
      const metrics = await admin.metrics();
      await process.accessLog.ended.reached(Number(metrics.get(destroyedTotal) ?? 0n));
      const upstream = (name: string): number =>
        Number(metrics.get(`cluster.${upstreamCluster}.upstream_cx_${name}`) ?? 0n);
      await server.caughtUp(upstream("total") - upstream("connect_fail"), upstream("active"));
      await admin.catchUp();
      if (this.unlogged.length === 0 && this.callsAreDone(metrics)) return admin.metrics();
    }
  }

  /** Workers keep samples until they are merged: the time of each connection, which is one, tells when all are. */
  private async settledHistograms(
    metrics: ReadonlyMap<string, bigint>,
  ): Promise<Map<string, HistogramSummary>> {
    for (;;) {
      const histograms = await this.parts.admin.histograms(`^(wasmcustom\\..*|${connectionTimes})$`);
      const times = histograms.get(connectionTimes);
      histograms.delete(connectionTimes);
      const destroyed = Number(metrics.get(destroyedTotal) ?? 0n);
      if (histograms.size === 0 || (times?.count ?? 0) >= destroyed) return histograms;
    }
  }

  private callsAreDone(metrics: ReadonlyMap<string, bigint>): boolean {
    const names = Object.keys(this.parts.clusters);
    return names.every((name) => (metrics.get(`cluster.${name}.upstream_rq_active`) ?? 0n) === 0n);
  }

  /** The connections that are over for the client and not for the proxy. */
  private get unlogged(): TcpClient[] {
    const { clientPorts } = this.parts.process.accessLog;
    return this.clients.filter(({ isOver, port }) => isOver && !clientPorts.has(port));
  }

  private openConnections(): string {
    const open = this.unlogged.length;
    if (open === 0) return "all connections have ended, but not every thread of Envoy answered";
    return `${open} of ${this.clients.length} connections did not end, although their clients have (a filter holds them, or the upstream does not end)`;
  }
}
