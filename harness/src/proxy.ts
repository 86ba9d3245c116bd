import type { BackendName } from "./backends.ts";
import type { ListenerPlugins, Observation, RunningProxy } from "./backend.ts";
import { HarnessError } from "./errors.ts";
import { outgoingRequest, type BodyInput, type ReceivedResponse, type RequestInput } from "./message.ts";
import type { AccessLogEntry, LogEntry, TranscriptEntry, Trap } from "./observation.ts";
import type { ListenerOptions } from "./start.ts";
import { Stats } from "./stats.ts";
import { trapError } from "./trap.ts";

/** What a started proxy needs beside its backend. */
interface StartedProxyOptions {
  readonly backend: BackendName;
  /** Responses and observations are handed out although a filter trapped. */
  readonly allowTraps: boolean;
  /** Loads what an update names. */
  readonly listenerPlugins: (options: ListenerOptions) => Promise<ListenerPlugins>;
}

/**
 * The time inside the embedded backend. It runs with the real one until something waits for a time, a timer, a callout or
 * the delay of an upstream, or until a test moves it; from then on it stands still. A request never waits for real: when
 * it is held and nobody else has anything to do, the clock jumps to what is due next, and on, until the request is over.
 * Both methods are refused with `unsupported` in Envoy, where time is real.
 *
 * @category Send and receive
 */
export interface Clock {
  /**
   * Lets so many milliseconds pass at once: what falls due is done, in its order and at its moment. Called while requests
   * are under way, it is all that moves the clock until they are over: `const response = proxy.get("/")`, then look,
   * `advance`, look again, and `await response`.
   */
  advance(ms: number): Promise<void>;
  /** Stops the jumps: from now on the clock moves by `advance` alone, and a request that is held waits for it. */
  freeze(): void;
}

/**
 * A proxy with the filters of a scenario, started in one of the backends. Everything that is read from it, other
 * than a response, is the snapshot that the last `settled()` took, and counts from the moment the proxy was handed
 * to the test: nothing can pass early, and nothing can see another test.
 *
 * @category Send and receive
 */
export class StartedProxy implements AsyncDisposable {
  /** Which backend it runs on. */
  readonly backend: BackendName;
  private readonly running: RunningProxy;
  private readonly allowTraps: boolean;
  private readonly baseline: Observation;
  private snapshot: Observation | null;
  private readonly listenerPlugins: StartedProxyOptions["listenerPlugins"];
  private reportedTrap: HarnessError | null = null;
  private isStopped = false;

  private constructor(running: RunningProxy, baseline: Observation, options: StartedProxyOptions) {
    this.running = running;
    this.baseline = baseline;
    this.snapshot = baseline;
    this.backend = options.backend;
    this.allowTraps = options.allowTraps;
    this.listenerPlugins = options.listenerPlugins;
  }

  /** Takes over a running backend; what happened before this moment is not counted. */
  static async over(running: RunningProxy, options: StartedProxyOptions): Promise<StartedProxy> {
    return new StartedProxy(running, await running.settle(), options);
  }

  /** Sends one request and resolves with the whole response. Refused with `filter_trapped` when a filter trapped. */
  async request(input: RequestInput): Promise<ReceivedResponse> {
    this.snapshot = null;
    try {
      return await this.running.send(outgoingRequest(input));
    } finally {
      await this.refuseTraps();
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

  /**
   * Waits until every stream is logged and deleted, then takes the snapshot that `stats`, `logs`, `accessLog`,
   * `transcript` and `traps` show. Refused with `stream_stuck` or `timeout` when a stream does not end, and with
   * `filter_trapped` when a filter trapped after its response was sent.
   */
  async settled(): Promise<void> {
    if (!this.isStopped) this.snapshot = await this.running.settle();
    await this.refuseTraps();
  }

  /** Counters, gauges and histograms as changes since the test began. */
  get stats(): Stats {
    return new Stats(this.settledSnapshot("stats"), this.baseline);
  }

  /** The time inside the proxy, which a test moves in the embedded backend. */
  readonly clock: Clock = {
    advance: (ms) => this.advance(ms),
    freeze: () => this.running.freeze(),
  };

  /** What a Prometheus server would be given now. Refused with `unsupported` in the embedded backend. */
  prometheus(): Promise<string> {
    return this.running.prometheus();
  }

  /** What the filters logged since the test began. */
  get logs(): readonly LogEntry[] {
    return this.settledSnapshot("logs").logs.slice(this.baseline.logs.length);
  }

  /** One entry for each stream since the test began, in the order in which they ended. */
  get accessLog(): readonly AccessLogEntry[] {
    return this.settledSnapshot("accessLog").accessLog.slice(this.baseline.accessLog.length);
  }

  /** Every callback and host call since the test began, in order. */
  get transcript(): readonly TranscriptEntry[] {
    return this.settledSnapshot("transcript").transcript.slice(this.baseline.transcript.length);
  }

  /** The traps since the test began; empty unless the scenario allows traps. */
  get traps(): readonly Trap[] {
    return this.settledSnapshot("traps").traps.slice(this.baseline.traps.length);
  }

  /** What the filters logged while they were created and configured, before the test began. */
  get startLogs(): readonly LogEntry[] {
    return this.baseline.logs;
  }

  /** The trap that a request or `settled()` was refused with, whether or not anybody looked at it; else null. */
  get reported(): HarnessError | null {
    return this.reportedTrap;
  }

  /**
   * Takes other filters and access loggers in the place of those that there are, as a real Envoy does when its control
   * plane says so. Streams that are open come to their end first; then the old plugins are told to end
   * (`proxy_on_done`), and a VM that the new ones share lives on. The proxy must have been started with `updatable`.
   * Refused as starting is, with `configuration_refused` above all: everything is as it was then.
   */
  async update(options: ListenerOptions): Promise<void> {
    this.snapshot = null;
    await this.running.update(await this.listenerPlugins(options));
  }

  /**
   * Stops the proxy as an operator does, so that every plugin is told to end (`proxy_on_done`, `proxy_on_delete`): what
   * they said to that can be read afterwards. A real Envoy runs each on its main thread and on its workers.
   */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    await this.settled();
    this.snapshot = null;
    this.isStopped = true;
    this.snapshot = await this.running.stop();
    await this.refuseTraps();
  }

  /** Ends the proxy at once, and resolves when nothing of it is left. */
  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.running[Symbol.asyncDispose]();
  }

  private async advance(ms: number): Promise<void> {
    this.snapshot = null;
    try {
      await this.running.advance(ms);
    } finally {
      await this.refuseTraps();
    }
  }

  private settledSnapshot(what: string): Observation {
    if (this.snapshot !== null) return this.snapshot;
    throw new HarnessError(
      "not_settled",
      `proxy.${what} was read after a request and before \`await proxy.settled()\`, so streams may still be open: await it first`,
    );
  }

  /** One trap is reported once by requests: a dead VM answers every later one the same way. */
  private async refuseTraps(): Promise<void> {
    if (this.allowTraps || this.reportedTrap !== null) return;
    const [trap] = (await this.running.traps()).slice(this.baseline.traps.length);
    if (trap === undefined) return;
    this.reportedTrap = trapError(trap);
    throw this.reportedTrap;
  }
}
