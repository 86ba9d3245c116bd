import { listenerPlugins } from "../all-plugins.ts";
import type { ListenerPlugins, Observation, Plugin, RunningProxy, Scenario } from "../backend.ts";
import type { Http1Client } from "../clients/http1-client.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import type { Trap } from "../observation.ts";
import type { HttpUpstreamServer } from "../upstreams/http-upstream-server.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoyLease } from "./envoy-lease.ts";
import { refuseMetadata } from "./http2-metadata.ts";
import { ObservedEnvoy, settleMs } from "./observed-envoy.ts";
import { filterResource, httpListener, proxyListener } from "./scenario-resources.ts";
import type { TestServers } from "./test-servers.ts";

/** The parts of a proxy; `all` ends them. */
export interface HttpParts {
  readonly scenario: Scenario;
  readonly lease: EnvoyLease;
  readonly client: Http1Client;
  readonly upstream: HttpUpstreamServer;
  readonly servers: TestServers;
  readonly all: Disposals;
  readonly requestMs: number;
}

const streamsTotal = `http.${proxyListener}.downstream_rq_total`;

/** A real Envoy that serves HTTP. */
export class RunningEnvoy extends ObservedEnvoy implements RunningProxy {
  private readonly parts: HttpParts;
  private isLogBehind = false;
  private streamsBegun = 0;

  constructor(parts: HttpParts) {
    super(parts.lease, parts.all);
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
  override async traps(): Promise<readonly Trap[]> {
    if (!this.isLogBehind) return [...this.process.log.traps];
    this.isLogBehind = false; // at once: a response that comes meanwhile is not covered
    await this.lease.envoy.heard();
    return [...this.process.log.traps];
  }

  async update(listener: ListenerPlugins): Promise<void> {
    const { scenario, lease, client } = this.parts;
    await this.settle();
    const plugins = listenerPlugins(listener);
    this.process.log.expect(lease.isolation.plugins(plugins));
    client.reconnect();
    this.isLogBehind = true;
    await lease.set(httpListener(scenario, listener, lease.isolation), {
      plugins,
      port: scenario.envoy.port,
    });
  }

  async configure(plugin: Plugin, position: number): Promise<void> {
    const { scenario, lease } = this.parts;
    const plugins = lease.isolation.plugins([plugin]);
    this.process.log.expect(plugins);
    const filters = plugins.map((isolated) => filterResource(isolated, position));
    this.isLogBehind = true;
    await lease.set(filters, { plugins, port: scenario.envoy.port });
  }

  /** The metrics are those from before the end: nobody can ask for them afterwards. */
  async stop(): Promise<Observation> {
    const last = await this.settle();
    this.isLogBehind = false;
    await this.lease.quit(settleMs);
    return { ...last, ...this.said() };
  }

  protected override async started(): Promise<void> {
    if (this.parts.servers.areAny) await super.started();
  }

  protected override refuseFailure(): void {
    this.parts.upstream.refuseFailure();
    this.parts.servers.refuseFailure();
  }

  protected override unfinished(): string {
    const open = this.streamsBegun - this.process.accessLog.ended.count;
    if (open === 0)
      return `all ${this.streamsBegun} streams have ended, but not every thread of Envoy answered`;
    return `${open} of ${this.streamsBegun} streams did not end (a filter paused them, or the upstream does not answer)`;
  }

  /** Waits until as many streams are logged as were begun, and deleted. */
  protected override async settledMetrics(): Promise<Map<string, bigint>> {
    let metrics = await this.lease.metrics();
    let isQuiet = this.parts.servers.areQuiet(metrics);
    this.streamsBegun = 0;
    while (this.begun(metrics) !== this.streamsBegun || !isQuiet) {
      isQuiet = this.parts.servers.areQuiet(metrics);
      this.streamsBegun = this.begun(metrics);
      await this.process.accessLog.ended.reached(this.streamsBegun);
      await this.lease.envoy.barrier.pass();
      metrics = await this.lease.metrics();
    }
    return metrics;
  }

  private begun(metrics: ReadonlyMap<string, bigint>): number {
    return Number(metrics.get(streamsTotal) ?? 0n);
  }

  private async exchange(request: OutgoingRequest): Promise<ReceivedResponse> {
    refuseMetadata(request.metadata);
    const { client, requestMs } = this.parts;
    const abort = new AbortController();
    const what = (): string => `${request.method} ${request.path} has no complete response`;
    try {
      return await this.process.within(client.send(request, abort.signal), { ms: requestMs, what });
    } catch (error) {
      abort.abort();
      this.refuseFailure();
      await this.lease.envoy.caughtUp(); // a connection that Envoy's end has cut says so here
      throw error;
    }
  }
}
