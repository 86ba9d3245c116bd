import type { ClientChoice } from "../scenario/listener-clients.ts";
import { ListenerClients } from "../scenario/listener-clients.ts";
import type { Cluster } from "../scenario/cluster.ts";
import type { Servers } from "../scenario/servers.ts";
import type { Disposals } from "../envoy/disposals.ts";
import type { EnvoyLease } from "../envoy/envoy-lease.ts";
import { ObservedEnvoy } from "../envoy/observed-envoy.ts";
import { HarnessError } from "../errors.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import type { FileListener } from "./addresses.ts";

/** The parts of a running bootstrap; `all` ends them. */
export interface BootstrapParts {
  readonly lease: EnvoyLease;
  readonly listeners: readonly FileListener[];
  readonly statPrefixes: readonly string[];
  readonly clusters: readonly Cluster[];
  readonly servers: Servers;
  readonly all: Disposals;
  readonly requestMs: number;
}

/** A real Envoy that runs a bootstrap file. */
export class RunningBootstrap extends ObservedEnvoy {
  private readonly parts: BootstrapParts;
  private readonly clients = new Map<string, Promise<ListenerClients>>();
  private streamsBegun = 0;

  constructor(parts: BootstrapParts) {
    super(parts.lease, parts.all);
    this.parts = parts;
  }

  /** Sends one request to a listener, by its name or its port in the file. */
  async send(
    listener: string | number,
    choice: ClientChoice,
    request: OutgoingRequest,
  ): Promise<ReceivedResponse> {
    const clients = await this.clientsOf(this.find(listener));
    const abort = new AbortController();
    const what = (): string => `${request.method} ${request.path} has no complete response`;
    try {
      const answer = clients.client(choice).send(request, abort.signal);
      const response = await this.process.within(answer, { ms: this.parts.requestMs, what });
      this.refuseFailure();
      return response;
    } catch (error) {
      abort.abort();
      this.refuseFailure();
      await this.lease.envoy.caughtUp(); // a connection that Envoy's end has cut says so here
      throw error;
    }
  }

  protected override refuseFailure(): void {
    this.parts.servers.refuseFailure();
  }

  protected override unfinished(): string {
    const { count } = this.process.accessLog.ended;
    return `${count} of ${this.streamsBegun} streams have ended (a filter paused the others, or an upstream does not answer)`;
  }

  /** Waits until as many streams are logged as were begun, and deleted, and until everything said is read. */
  protected override async settledMetrics(): Promise<Map<string, bigint>> {
    const { servers, clusters } = this.parts;
    const { admin, barrier } = this.lease.envoy;
    for (;;) {
      this.streamsBegun = this.begun(await this.lease.metrics());
      await this.process.accessLog.ended.reached(this.streamsBegun);
      await barrier.pass();
      await admin.catchUp();
      const metrics = await this.lease.metrics();
      const isQuiet = servers.areQuiet(clusters, metrics);
      if (isQuiet && this.begun(metrics) === this.streamsBegun) return metrics;
    }
  }

  private begun(metrics: ReadonlyMap<string, bigint>): number {
    const counts = this.parts.statPrefixes.map((prefix) => metrics.get(`http.${prefix}.downstream_rq_total`));
    return counts.reduce<number>((sum, count = 0n) => sum + Number(count), 0);
  }

  private find(listener: string | number): string {
    const { listeners } = this.parts;
    const found = listeners.find(({ name, port }) => listener === name || listener === port);
    if (found !== undefined) return found.name;
    const there = listeners.map(({ name, port }) => `"${name}" (${port})`).join(", ");
    throw new HarnessError(
      "invalid_input",
      `the bootstrap has no listener ${JSON.stringify(listener)}: there are ${there}`,
    );
  }

  private clientsOf(name: string): Promise<ListenerClients> {
    const clients = this.clients.get(name) ?? this.connectable(name);
    this.clients.set(name, clients);
    return clients;
  }

  private async connectable(name: string): Promise<ListenerClients> {
    return this.parts.all.add(new ListenerClients(await this.lease.address(name)));
  }
}
