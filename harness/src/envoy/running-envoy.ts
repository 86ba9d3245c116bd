import { listenerPlugins, refuseUpdate } from "../all-plugins.ts";
import type { ListenerPlugins, Observation, RunningProxy, Scenario } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import type { HistogramSummary, Trap } from "../observation.ts";
import type { Admin } from "./admin.ts";
import { proxyListener, scenarioListener } from "./bootstrap.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoyProcess } from "./envoy-process.ts";
import type { GrpcServer } from "./grpc-server.ts";
import type { HttpClient } from "./http-client.ts";
import { refuseMetadata } from "./http2-metadata.ts";
import type { ListenerUpdates } from "./listener-updates.ts";
import type { UpstreamServer } from "./upstream-server.ts";
import type { WorkerBarrier } from "./worker-barrier.ts";

/** The parts of a started Envoy; `all` ends them. */
export interface EnvoyParts {
  readonly scenario: Scenario;
  readonly process: EnvoyProcess;
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  readonly updates: ListenerUpdates;
  readonly client: HttpClient;
  readonly upstream: UpstreamServer;
  /** The services that filters call, by the names of their clusters. */
  readonly clusters: Readonly<Record<string, UpstreamServer>>;
  /** The gRPC services that filters call, by the names of their clusters. */
  readonly grpcClusters: Readonly<Record<string, GrpcServer>>;
  readonly all: Disposals;
  readonly requestMs: number;
}

const settleMs = 10_000;
const streamTimes = `http.${proxyListener}.downstream_rq_time`;
const streamsTotal = `http.${proxyListener}.downstream_rq_total`;

/** A real Envoy that serves. */
export class RunningEnvoy implements RunningProxy {
  private readonly parts: EnvoyParts;
  private isLogBehind = false;
  private streamsBegun = 0;

  constructor(parts: EnvoyParts) {
    this.parts = parts;
  }

  async send(request: OutgoingRequest): Promise<ReceivedResponse> {
    try {
      const response = await this.exchange(request);
      this.refuseFailure();
      return response;
    } finally {
      this.isLogBehind = true;
    }
  }

  /** Reads the log up to the last response; a trap in `proxy_on_log`, which comes later, is found by `settle`. */
  async traps(): Promise<readonly Trap[]> {
    if (this.isLogBehind) {
      this.isLogBehind = false; // at once: a response that comes meanwhile is not covered
      await this.catchUp();
    }
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
    const { process } = this.parts;
    const bound = { ms: settleMs, what: () => this.openStreams() };
    const metrics = await process.within(this.settledMetrics(), bound);
    const histograms = await process.within(this.settledHistograms(), bound);
    this.refuseFailure();
    return { metrics, histograms, ...this.said() };
  }

  async update(listener: ListenerPlugins): Promise<void> {
    const { scenario, process, client, updates, barrier } = this.parts;
    refuseUpdate(scenario);
    await this.settle();
    const plugins = listenerPlugins(listener);
    process.log.expect(plugins);
    client.reconnect();
    await process.replaceListeners([scenarioListener(scenario, listener)]);
    await process.within(updates.next({ ...scenario, plugins }), {
      ms: settleMs,
      what: () => "Envoy has not taken its new listener, or not let go of the old one",
    });
    await barrier.pass();
    await this.catchUp();
  }

  /** The metrics are those from before the end: nobody can ask for them afterwards. */
  async stop(): Promise<Observation> {
    const { process, admin } = this.parts;
    const last = await this.settle();
    this.isLogBehind = false;
    await admin.post("/quitquitquit");
    await process.ends(settleMs);
    return { ...last, ...this.said() };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.parts.all[Symbol.asyncDispose]();
  }

  private said(): Omit<Observation, "metrics" | "histograms"> {
    const { log, accessLog } = this.parts.process;
    return {
      logs: [...log.entries],
      accessLog: [...accessLog.entries],
      transcript: [...log.transcript],
      traps: [...log.traps],
    };
  }

  private async exchange(request: OutgoingRequest): Promise<ReceivedResponse> {
    refuseMetadata(request.metadata);
    const { process, client, requestMs } = this.parts;
    const abort = new AbortController();
    const what = (): string => `${request.method} ${request.path} has no complete response`;
    try {
      return await process.within(client.send(request, abort.signal), { ms: requestMs, what });
    } catch (error) {
      abort.abort();
      this.refuseFailure();
      await this.catchUp(); // a connection that Envoy's end has cut says so here
      throw error;
    }
  }

  /** Waits until as many streams are logged as were begun, and deleted, and until everything said is read. */
  private async settledMetrics(): Promise<Map<string, bigint>> {
    const { process, admin, barrier } = this.parts;
    let metrics = await admin.metrics();
    let isQuiet: boolean;
    do {
      isQuiet = this.callsAreDone(metrics);
      this.streamsBegun = Number(metrics.get(streamsTotal) ?? 0n);
      await process.accessLog.ended.reached(this.streamsBegun);
      await barrier.pass();
      await admin.catchUp();
      metrics = await admin.metrics();
    } while (Number(metrics.get(streamsTotal)) !== this.streamsBegun || !isQuiet);
    return metrics;
  }

  /** Workers keep samples until they are merged: the time of each stream, which is one of them, tells when all are. */
  private async settledHistograms(): Promise<Map<string, HistogramSummary>> {
    const { admin } = this.parts;
    for (;;) {
      const histograms = await admin.histograms(`^(wasmcustom\\..*|${streamTimes})$`);
      const times = histograms.get(streamTimes);
      histograms.delete(streamTimes);
      if (histograms.size === 0 || (times?.count ?? 0) >= this.streamsBegun) return histograms;
    }
  }

  /** Whether every callout was answered, and every gRPC call that is left waits for the filter that made it. */
  private callsAreDone(metrics: ReadonlyMap<string, bigint>): boolean {
    const countsOf = (cluster: string) => (name: string) => metrics.get(`cluster.${cluster}.${name}`) ?? 0n;
    const { clusters, grpcClusters } = this.parts;
    return (
      Object.keys(clusters).every((cluster) => countsOf(cluster)("upstream_rq_active") === 0n) &&
      Object.entries(grpcClusters).every(([cluster, server]) => server.isQuiet(countsOf(cluster)))
    );
  }

  private refuseFailure(): void {
    const { upstream, clusters, grpcClusters } = this.parts;
    const servers = [upstream, ...Object.values(clusters), ...Object.values(grpcClusters)];
    for (const server of servers) server.refuseFailure();
  }

  private openStreams(): string {
    const open = this.streamsBegun - this.parts.process.accessLog.ended.count;
    if (open === 0)
      return `all ${this.streamsBegun} streams have ended, but not every thread of Envoy answered`;
    return `${open} of ${this.streamsBegun} streams did not end (a filter paused them, or the upstream does not answer)`;
  }

  private catchUp(): Promise<void> {
    return catchUp(this.parts);
  }
}

/** Resolves when everything has been read that Envoy has logged before. Refused with `timeout`. */
export function catchUp({ process, admin }: Pick<EnvoyParts, "process" | "admin">): Promise<void> {
  return process.within(admin.catchUp(), {
    ms: settleMs,
    what: () => "Envoy's main thread did not answer",
  });
}

/** Why a test cannot move the time. */
export function timeIsReal(moved: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `time is real in Envoy, and cannot be ${moved}: wait for what the filter does, by expect.poll over proxy.settled()`,
  );
}
