import type { RequestClient } from "../clients/request-client.ts";
import type { Disposals } from "../envoy/disposals.ts";
import type { EnvoyLease } from "../envoy/envoy-lease.ts";
import { refuseMetadata } from "../envoy/http2-metadata.ts";
import { ObservedEnvoy, settleMs } from "../envoy/observed-envoy.ts";
import { TcpClient } from "../envoy/tcp-client.ts";
import { HarnessError } from "../errors.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import { nearest } from "../nearest.ts";
import type { Trap } from "../observation.ts";
import { begunAt, type Begun } from "./begun.ts";
import { hasNetworkChain, type Listener } from "./listener.ts";
import { ListenerClients, type ClientChoice } from "./listener-clients.ts";
import type { ScenarioChange } from "./scenario.ts";
import type { ScenarioConfiguration } from "./scenario-configuration.ts";

/** The parts of a running scenario; `all` ends them. */
export interface ScenarioParts {
  readonly lease: EnvoyLease;
  readonly configuration: ScenarioConfiguration;
  readonly all: Disposals;
  readonly requestMs: number;
}

/** A real Envoy that does what a scenario says. */
export class RunningScenario extends ObservedEnvoy {
  private readonly parts: ScenarioParts;
  private readonly listeners = new Map<string, Promise<ListenerClients>>();
  private readonly connections: TcpClient[] = [];
  private lastBegun: readonly Begun[] = [];
  private arePortsKept = true;
  private isLogBehind = false;

  constructor(parts: ScenarioParts) {
    super(parts.lease, parts.all);
    this.parts = parts;
  }

  get servers() {
    return this.parts.configuration.servers;
  }

  /** Sends one request to a listener. */
  async send(listener: string, choice: ClientChoice, request: OutgoingRequest): Promise<ReceivedResponse> {
    try {
      const response = await this.exchange((await this.clientsOf(listener)).client(choice), request);
      this.servers.refuseFailure();
      return response;
    } finally {
      this.isLogBehind = true;
    }
  }

  /** Connects to a listener over TCP. */
  async connect(listener: string): Promise<TcpClient> {
    const { address } = await this.clientsOf(listener);
    const client = await TcpClient.connect(address, async (work, what) => {
      await this.process.within(work, { ms: settleMs, what });
      this.servers.refuseFailure();
    });
    this.parts.all.add(client);
    this.arePortsKept &&= address.isForwarded !== true;
    if (this.isLogged(listener)) this.connections.push(client);
    return client;
  }

  /** The clients of a listener. Refused with `invalid_input` when there is none of this name. */
  clientsOf(listener: string): Promise<ListenerClients> {
    refuseUnknown(listener, this.parts.configuration.scenario.listeners);
    const clients = this.listeners.get(listener) ?? this.connectable(listener);
    this.listeners.set(listener, clients);
    return clients;
  }

  /** Refused as starting is; everything is as it was then. */
  async update(change: ScenarioChange): Promise<void> {
    const { configuration, lease } = this.parts;
    const plugins = await configuration.load(change);
    this.process.log.expect(lease.isolation.plugins(plugins));
    this.isLogBehind = true;
    await configuration.serve(lease, change, plugins);
    for (const name of change.remove?.listeners ?? []) {
      this.listeners.delete(name);
      this.process.accessLog.forget(name);
    }
  }

  /** Reads the log up to the last response; a trap in `proxy_on_log`, which comes later, is found by `settle`. */
  override async traps(): Promise<readonly Trap[]> {
    if (!this.isLogBehind) return [...this.process.log.traps];
    this.isLogBehind = false; // at once: a response that comes meanwhile is not covered
    await this.lease.envoy.heard();
    return [...this.process.log.traps];
  }

  protected override refuseFailure(): void {
    this.servers.refuseFailure();
  }

  protected override said() {
    return { ...super.said(), accessLog: this.lease.collected.listenerAccessLog };
  }

  /** Waits until as much is logged as was begun, and deleted, and until everything said is read. */
  protected override async settledMetrics(): Promise<Map<string, bigint>> {
    const { admin, barrier } = this.lease.envoy;
    for (;;) {
      await barrier.pass();
      const before = await this.lease.metrics();
      for (const { ended, count } of this.begun(before)) await ended.reached(count);
      for (const cluster of this.clusters) await this.servers.caughtUp(cluster, before);
      await barrier.pass();
      await admin.catchUp();
      const metrics = await this.lease.metrics();
      const isBehind = this.begun(metrics).some(({ ended, count }) => ended.count < count);
      const isQuiet = this.servers.areQuiet(this.clusters, metrics);
      if (!isBehind && isQuiet && this.unlogged.length === 0) return metrics;
    }
  }

  protected override unfinished(): string {
    const seen = this.lastBegun.map(
      ({ what, ended, count }) => `${ended.count} of ${count} ${what} have ended`,
    );
    return `not everything came to its end (a filter paused it, an upstream does not answer, or the test holds it open): ${seen.join(", ")}`;
  }

  private async connectable(listener: string): Promise<ListenerClients> {
    return this.parts.all.add(new ListenerClients(await this.lease.address(listener)));
  }

  private begun(metrics: ReadonlyMap<string, bigint>): readonly Begun[] {
    const { listeners } = this.parts.configuration.scenario;
    this.lastBegun = begunAt(listeners, this.process.accessLog, metrics);
    return this.lastBegun;
  }

  private get clusters() {
    return this.parts.configuration.scenario.clusters ?? [];
  }

  /** Whether a listener's connections are logged, and not only their streams. */
  private isLogged(listener: string): boolean {
    const { listeners } = this.parts.configuration.scenario;
    return listeners.some((one) => one.name === listener && hasNetworkChain(one));
  }

  /** The connections that are over for the client and not for Envoy. */
  private get unlogged(): TcpClient[] {
    const { clientPorts } = this.process.accessLog;
    const over = this.connections.filter(({ isOver }) => isOver);
    if (!this.arePortsKept) return over.slice(clientPorts.size); // how many is all that is known
    return over.filter(({ port }) => !clientPorts.has(port));
  }

  private async exchange(client: RequestClient, request: OutgoingRequest): Promise<ReceivedResponse> {
    refuseMetadata(request.metadata);
    const abort = new AbortController();
    const what = (): string => `${request.method} ${request.path} has no complete response`;
    const bound = { ms: this.parts.requestMs, what };
    try {
      return await this.process.within(client.send(request, abort.signal), bound);
    } catch (error) {
      abort.abort();
      this.refuseFailure();
      await this.lease.envoy.caughtUp(); // a connection that Envoy's end has cut says so here
      throw error;
    }
  }
}

function refuseUnknown(name: string, listeners: readonly Listener[]): void {
  const names = listeners.map((listener) => listener.name);
  if (names.includes(name)) return;
  const close = nearest(name, names);
  const hint = close === null ? `there are ${names.join(", ") || "none"}` : `did you mean "${close}"?`;
  throw new HarnessError("invalid_input", `the scenario has no listener "${name}": ${hint}`);
}
