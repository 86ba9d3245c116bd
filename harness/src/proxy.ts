import type { ListenerPlugins, Observation, Plugin, RunningProxy } from "./backend.ts";
import { outgoingRequest, type BodyInput, type ReceivedResponse, type RequestInput } from "./message.ts";
import { modulesOf } from "./all-plugins.ts";
import { since, type Kept } from "./kept.ts";
import { HarnessError } from "./errors.ts";
import type { AccessLogEntry } from "./observation.ts";
import { noteTraps } from "./trapped-responses.ts";
import { ObservedProxy, type StartedProxyOptions } from "./observed-proxy.ts";
import type { Configuration, ListenerOptions } from "./plugin-options.ts";

/** Loads the plugins that a proxy is given while it runs. */
export interface PluginLoading {
  /** What an update names. */
  listener(options: ListenerOptions): Promise<ListenerPlugins>;
  /** The filter at a position of the chain, configured anew. */
  filter(configuration: Configuration, position: number): Promise<Plugin>;
}

/** What a started proxy for HTTP needs beside its backend. */
interface StartedHttpProxyOptions extends StartedProxyOptions {
  readonly loading: PluginLoading;
}

/**
 * A proxy with the filters of a scenario, started in one of the backends. What it says of HTTP is in its access log.
 *
 * @category Send and receive
 */
export class StartedProxy extends ObservedProxy<RunningProxy> {
  private readonly loading: PluginLoading;
  private isStopped = false;
  private stuckStream: HarnessError | null = null;

  private constructor(running: RunningProxy, baseline: Observation, options: StartedHttpProxyOptions) {
    super(running, baseline, options);
    this.loading = options.loading;
  }

  /** Takes over a running backend; what is read begins here, what is counted before its plugins started. @internal */
  static async over(running: RunningProxy, options: StartedHttpProxyOptions): Promise<StartedProxy> {
    return new StartedProxy(running, await running.baseline(), options);
  }

  /** Sends one request and resolves with the whole response. Refused with `filter_trapped` when a filter trapped. */
  async request(input: RequestInput): Promise<ReceivedResponse> {
    this.touch();
    try {
      const response = await this.running.send(outgoingRequest(input));
      if (response.status >= 500) noteTraps(response, await this.trapsSoFar());
      return response;
    } catch (error) {
      if (error instanceof HarnessError && error.code === "stream_stuck") this.stuckStream ??= error;
      throw error;
    } finally {
      const refused = this.refuseTrapsNow();
      if (refused !== null) await refused;
    }
  }

  /** `request` with the method GET. */
  get(path: string, options: Omit<RequestInput, "method" | "path" | "body"> = {}): Promise<ReceivedResponse> {
    return this.request({ ...options, method: "GET", path });
  }

  /** `request` with the method POST and a body. */
  post(
    path: string,
    body: BodyInput,
    options: Omit<RequestInput, "method" | "path" | "body"> = {},
  ): Promise<ReceivedResponse> {
    return this.request({ ...options, method: "POST", path, body });
  }

  /** As for every proxy; of one that has stopped, the snapshot stays that of its end. */
  override async settled(): Promise<void> {
    if (!this.isStopped) await super.settled();
  }

  /**
   * One entry for each stream since the test began, in the order in which they ended; of many the newest 10,000, and up to
   * twice as many.
   */
  get accessLog(): Kept<AccessLogEntry> {
    return since(this.settledSnapshot("accessLog").accessLog, this.baseline.accessLog);
  }

  /** Why the first request that did not end was refused, whether or not anybody looked at it; else null. @internal */
  get stuck(): HarnessError | null {
    return this.stuckStream;
  }

  /**
   * Takes other filters and access loggers in the place of those that there are, as a real Envoy does when its control
   * plane says so. Streams that are open come to their end first; then the old plugins are told to end
   * (`proxy_on_done`), and a VM that the new ones share lives on. Refused as
   * starting is, with `configuration_refused` above all: everything is as it was then.
   */
  async update(options: ListenerOptions): Promise<void> {
    this.touch();
    const listener = await this.loading.listener(options);
    await this.running.update(listener);
    this.given = modulesOf(listener);
  }

  /**
   * Gives a filter of the chain, by default the first, another configuration, as Envoy does over ECDS: no connection is
   * closed, streams that are open keep the old plugin, and the next ones have the new. The proxy must have been started
   * with `configDiscovery: true`. Refused as starting is; the filter is as it was then.
   */
  async configure(configuration: Configuration, position = 0): Promise<void> {
    this.touch();
    await this.running.configure(await this.loading.filter(configuration, position), position);
  }

  /**
   * Stops the proxy as an operator does, so that every plugin is told to end (`proxy_on_done`, `proxy_on_delete`): what
   * they said to that can be read afterwards. A real Envoy runs each on its main thread and on its workers.
   */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    await this.settled();
    this.touch();
    this.isStopped = true;
    await this.observe(this.running.stop());
  }
}
