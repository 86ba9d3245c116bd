import { allPlugins, listenerPlugins } from "../all-plugins.ts";
import type { ListenerPlugins, Observation, Plugin, RunningProxy, Scenario } from "../backend.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import { refuseObserving } from "../observing.ts";
import { EmbeddedProxy } from "./embedded-proxy.ts";
import { HttpStream, type StreamPlugins } from "./http-stream.ts";
import { ProxyState } from "./proxy-state.ts";
import type { RootContext } from "./root-context.ts";
import { RunningPlugins } from "./running-plugins.ts";

/**
 * Backend 1: a proxy-wasm host on V8, in this process. A request runs to its end inside `send`, up to the upstream's
 * handler.
 */
export async function startEmbedded(scenario: Scenario): Promise<RunningProxy> {
  refuseObserving(scenario.observing);
  return new EmbeddedHttpProxy(scenario);
}

class EmbeddedHttpProxy extends EmbeddedProxy implements RunningProxy, StreamPlugins {
  private readonly scenario: Scenario;
  private readonly plugins: RunningPlugins;
  filters: readonly RootContext[] = [];
  accessLoggers: readonly RootContext[] = [];
  private readonly open = new Set<Promise<ReceivedResponse>>();

  constructor(scenario: Scenario) {
    super(new ProxyState(scenario));
    this.scenario = scenario;
    this.plugins = new RunningPlugins(this.state);
    this.listen(scenario, this.plugins.start(allPlugins(scenario)));
  }

  async send(request: OutgoingRequest): Promise<ReceivedResponse> {
    const response = new HttpStream(this.state, this, request, this.scenario.upstream).run();
    this.open.add(response);
    try {
      return await response;
    } finally {
      this.open.delete(response);
    }
  }

  async update(listener: ListenerPlugins): Promise<void> {
    await this.settle();
    const old = [...this.accessLoggers, ...this.filters];
    this.listen(listener, this.plugins.start(listenerPlugins(listener)));
    this.plugins.end(old);
  }

  /** Streams that are open keep the old plugin, which ends with the last of them. */
  async configure(plugin: Plugin, position: number): Promise<void> {
    const [started] = this.plugins.start([plugin]);
    const old = this.filters[position];
    if (started === undefined || old === undefined) return;
    this.filters = this.filters.with(position, started);
    const users = [...this.open];
    if (users.length === 0) this.plugins.end([old]);
    else void Promise.allSettled(users).then(() => this.plugins.end([old]));
  }

  /** The metrics are those from before the end, as a real Envoy has them. */
  async stop(): Promise<Observation> {
    const { metrics, histograms } = await this.settle();
    this.plugins.endAll();
    return { ...(await this.settle()), metrics, histograms };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await Promise.allSettled(this.open);
  }

  /** Lets the listener's plugins, found by what they were started from, have the streams that follow. */
  private listen({ plugins, accessLoggers }: ListenerPlugins, started: readonly RootContext[]): void {
    this.filters = started.filter(({ plugin }) => plugins.includes(plugin));
    this.accessLoggers = started.filter(({ plugin }) => accessLoggers.includes(plugin));
  }
}
