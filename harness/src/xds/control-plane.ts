import { DiscoveryServer } from "./discovery-server.ts";
import { ClientStreams } from "./client-streams.ts";
import type { Exchange } from "./exchange.ts";
import type { Snapshot } from "./snapshot.ts";
import { Rollout } from "./rollout.ts";
import { assertSound } from "./soundness.ts";
import type { Update } from "./update.ts";

/**
 * Where a control plane listens, and how long it waits.
 *
 * @category Configure Envoy
 */
export interface ControlPlaneOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** How long an update may take, in milliseconds; default 10,000. */
  readonly updateMs?: number;
  /** How many exchanges are kept; default 10,000. */
  readonly recorded?: number;
}

/**
 * Serves Envoy's configuration over xDS: aggregated and each type by itself, Delta and State of the World, all on one
 * port. Several clients may be connected; all get the same.
 *
 * @category Configure Envoy
 */
export class ControlPlane implements AsyncDisposable {
  private readonly clients: ClientStreams;
  private readonly server: DiscoveryServer;
  private readonly updateMs: number;
  private readonly stopping = new AbortController();
  private updates: Promise<unknown> = Promise.resolve();

  private constructor({
    host = "127.0.0.1",
    port = 0,
    updateMs = 10_000,
    recorded = 10_000,
  }: ControlPlaneOptions) {
    this.clients = new ClientStreams(recorded);
    this.server = new DiscoveryServer({ host, port }, (protocol, stream) =>
      this.clients.serve(protocol, stream),
    );
    this.updateMs = updateMs;
  }

  /** Refused with `port_in_use` when somebody else has the port. */
  static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const started = new ControlPlane(options);
    await started.server.listen();
    return started;
  }

  /** Where it listens, also while it is closed. */
  get port(): number {
    return this.server.port;
  }

  /** What is served now. */
  get resources(): Snapshot {
    return this.clients.state;
  }

  /** What clients and control plane said to each other, the oldest first. */
  get exchanges(): readonly Exchange[] {
    return this.clients.exchanges;
  }

  /**
   * Serves something else from now on: what is added is sent in the order clusters, endpoints, secrets, listeners,
   * routes, extensions, and what is removed goes before what it needs. Resolves when every client that is connected and
   * subscribed to it has taken it; at once, when nobody has ever been connected. One update follows the other.
   *
   * Refused with `invalid_input` when lint finds errors in it, unless it says `allowInvalid`; nothing is sent then.
   * Refused with `configuration_refused` and Envoy's message when a client does not take it, and with `timeout` when
   * one does not answer, or when all are gone. All that the update changed is then as it was before.
   */
  update(update: Update): Promise<void> {
    const done = this.updates.then(() => {
      assertSound(update, this.resources);
      return this.rollout(update).perform();
    });
    this.updates = done.catch(() => undefined); // who asked for that update is told
    return done;
  }

  /**
   * Resolves when a client is connected that has taken everything that is served, listeners among it. Refused with
   * `configuration_refused` when it does not take something, and with `timeout` as updates are.
   */
  ready(): Promise<void> {
    return this.rollout({ set: [...this.resources] }).arrive();
  }

  /** All connections are lost; clients may connect again at once. */
  disconnect(): void {
    this.server.disconnect();
  }

  /** All connections are lost, and nobody can connect. */
  async close(): Promise<void> {
    await this.server.close();
  }

  /** Clients can connect again, on the same port. Refused with `port_in_use`. */
  async reopen(): Promise<void> {
    await this.server.listen();
  }

  /** Ends all connections, and an update that is still waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.updates;
    await this.server[Symbol.asyncDispose]();
  }

  private rollout(update: Update): Rollout {
    const { stopping, updateMs } = this;
    return new Rollout(this.clients, { update, updateMs, stopping: stopping.signal });
  }
}
