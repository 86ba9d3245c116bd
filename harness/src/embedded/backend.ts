import { allPlugins, listenerPlugins } from "../all-plugins.ts";
import type { ListenerPlugins, Observation, Plugin, RunningProxy, Scenario } from "../backend.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import { refuseObserving } from "../observing.ts";
import { ClientConnections, type ClientConnection } from "./client-connections.ts";
import { refuseUnsendable } from "../sendable.ts";
import { inOriginForm } from "./http1-checks.ts";
import { EmbeddedProxy } from "./embedded-proxy.ts";
import { HttpStream, type StreamSurroundings } from "./http-stream.ts";
import type { LoadedPlugin } from "./loaded-plugin.ts";
import { Present } from "./present.ts";
import { ProxyState } from "./proxy-state.ts";
import { RunningPlugins } from "./running-plugins.ts";

/**
 * Backend 1: a proxy-wasm host on V8, in this process. A request runs to its end inside `send`, up to the upstream's
 * handler.
 */
export async function startEmbedded(scenario: Scenario): Promise<RunningProxy> {
  refuseObserving(scenario.observing);
  return new EmbeddedHttpProxy(scenario);
}

class EmbeddedHttpProxy extends EmbeddedProxy implements RunningProxy {
  private readonly scenario: Scenario;
  private readonly plugins: RunningPlugins;
  private readonly connections: ClientConnections;
  private filters: readonly LoadedPlugin[] = [];
  private accessLoggers: readonly LoadedPlugin[] = [];
  private readonly open = new Present<HttpStream>();

  constructor(scenario: Scenario) {
    super(new ProxyState(scenario));
    this.scenario = scenario;
    this.plugins = new RunningPlugins(this.state, scenario.workers);
    this.connections = new ClientConnections(this.plugins.workers);
    this.listen(scenario, this.plugins.start(allPlugins(scenario)));
  }

  send(given: OutgoingRequest): Promise<ReceivedResponse> {
    refuseUnsendable(given);
    const request = inOriginForm(given);
    const connection = this.connections.take();
    const stream = new HttpStream(this.state, this.on(connection), request, this.scenario.upstream);
    this.open.add(stream);
    return stream.run((hasAnswered) => {
      this.open.delete(stream);
      if (hasAnswered) this.connections.leave(connection, request);
    });
  }

  async update(listener: ListenerPlugins): Promise<void> {
    await this.settle();
    this.connections.closeAll();
    const old = [...this.filters, ...this.accessLoggers]; // those that end first come last
    this.listen(listener, this.plugins.start(listenerPlugins(listener)));
    this.plugins.end(old);
  }

  /** Streams that are open keep the old plugin, which ends with the last of them. */
  async configure(plugin: Plugin, position: number): Promise<void> {
    const [started] = this.plugins.start([plugin]);
    const old = this.filters[position];
    if (started === undefined || old === undefined) return;
    this.filters = this.filters.with(position, started);
    const users = this.unfinished();
    this.plugins.leave([old]);
    if (users.length === 0) this.plugins.end([old]);
    else void Promise.all(users).then(() => this.plugins.end([old]));
  }

  /** The metrics are those from before the end, as a real Envoy has them. */
  async stop(): Promise<Observation> {
    const { metrics, histograms } = await this.settle();
    this.plugins.endAll();
    return { ...(await this.settle()), metrics, histograms };
  }

  protected override unfinished(): ReadonlyArray<Promise<void>> {
    return Array.from(this.open, (stream) => stream.over());
  }

  /** What a stream gets that begins on a connection now. */
  private on(connection: ClientConnection): StreamSurroundings {
    const { worker } = connection;
    const contexts = this.filters.map((filter) => filter.contextOn(worker));
    return {
      connection,
      filters: contexts.filter((context) => context !== null),
      accessLoggers: this.accessLoggers.map((logger) => ({ log: (stream) => logger.log(stream, worker) })),
    };
  }

  /** Lets the listener's plugins, found by what they were started from, have the streams that follow. */
  private listen({ plugins, accessLoggers }: ListenerPlugins, started: readonly LoadedPlugin[]): void {
    this.filters = started.filter(({ plugin }) => plugins.includes(plugin));
    this.accessLoggers = started.filter(({ plugin }) => accessLoggers.includes(plugin));
  }
}
