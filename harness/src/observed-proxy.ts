import type { BackendName } from "./backends.ts";
import type { ObservedBackend, Observation } from "./backend.ts";
import { EnvoyAdmin } from "./admin/envoy-admin.ts";
import { noteUncounted } from "./coverage/running.ts";
import { HarnessError } from "./errors.ts";
import type { Faults } from "./faults.ts";
import { firstSince, since, type Kept } from "./kept.ts";
import type { ProxyModule } from "./module/load.ts";
import type { EnvoyLogEntry, LogEntry, Trap } from "./observation.ts";
import { withoutEnvoy } from "./observing.ts";
import type { Span } from "./spans.ts";
import { Stats } from "./stats.ts";
import type { Transcript, TranscriptSource } from "./transcript/entry.ts";
import { trapError } from "./trap.ts";

/** What a started proxy needs beside its backend. */
export interface StartedProxyOptions {
  readonly backend: BackendName;
  /** Responses and observations are handed out although a filter trapped. */
  readonly allowTraps: boolean;
  /** Those of the filters, and then of the access loggers. */
  readonly modules: readonly ProxyModule[];
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
  /**
   * Sets the wall clock forward by so many milliseconds, or back by a negative number, as an administrator does. No time
   * passes: the monotonic clock, timers and timeouts stay as they are.
   */
  shiftWallClock(ms: number): void;
}

/**
 * A proxy that runs in one of the backends, as tests read it. Everything that is read is the snapshot that the last
 * `settled()` took, and begins when the proxy was handed to the test, what is counted even before its filters started:
 * nothing can pass early, and nothing can see another test.
 *
 * @category Send and receive
 */
export abstract class ObservedProxy<Running extends ObservedBackend> implements AsyncDisposable {
  /** Which backend it runs on. */
  readonly backend: BackendName;
  /** What a real Envoy says of itself. */
  readonly admin: EnvoyAdmin;
  /** The backend. @internal */
  protected readonly running: Running;
  /** As in the options. @internal */
  protected given: readonly ProxyModule[];
  /** What there was when the proxy was handed to the test. @internal */
  protected readonly baseline: Observation;
  private readonly allowTraps: boolean;
  private snapshot: Observation | null;
  /** Whether the snapshot has what was counted until then. */
  private isCounted = false;
  /** The transcript that was asked for last. */
  private read: { readonly source: TranscriptSource; readonly transcript: Transcript } | null = null;
  private reportedTrap: HarnessError | null = null;

  protected constructor(running: Running, baseline: Observation, options: StartedProxyOptions) {
    this.running = running;
    this.baseline = baseline;
    this.snapshot = baseline;
    this.backend = options.backend;
    this.admin = new EnvoyAdmin((path) => running.admin(path));
    this.given = options.modules;
    this.allowTraps = options.allowTraps;
    if (options.modules.length > 0) noteUncounted(options.backend);
  }

  /**
   * Waits until every stream is logged and deleted, then takes the snapshot that `stats`, `logs`, `accessLog`,
   * `transcript` and `traps` show. Refused with `stream_stuck` or `timeout` when a stream does not end, and with
   * `filter_trapped` when a filter trapped after its response was sent.
   */
  async settled(): Promise<void> {
    await this.observe(this.running.settle());
  }

  /** The modules of the filters, and then of the access loggers, as they were when the proxy was given them. */
  get modules(): readonly ProxyModule[] {
    return this.given;
  }

  /**
   * Counters, gauges and histograms as changes since before the filters started: what they counted meanwhile is among it.
   * Refused with `not_settled` before the first `settled()`, too.
   */
  get stats(): Stats {
    const snapshot = this.settledSnapshot("stats");
    if (this.isCounted) return new Stats(snapshot, this.baseline);
    throw notSettled("stats was read before `await proxy.settled()`, which is when counts are taken");
  }

  /** The time inside the proxy, which a test moves in the embedded backend. */
  readonly clock: Clock = {
    advance: (ms) => this.advance(ms),
    freeze: () => this.running.freeze(),
    shiftWallClock: (ms) => this.running.shiftWallClock(ms),
  };

  /** What is to go wrong in the filters from now on. Refused with `unsupported` in a real Envoy. */
  get faults(): Faults {
    return this.running.faults();
  }

  /** What a Prometheus server would be given now. Refused with `unsupported` in the embedded backend. */
  prometheus(): Promise<string> {
    return this.running.prometheus();
  }

  /** What the filters logged since the test began; of many lines the newest 100,000, and up to twice as many. */
  get logs(): Kept<LogEntry> {
    return since(this.settledSnapshot("logs").logs, this.baseline.logs);
  }

  /** Every callback and host call since the test began, in order; `String(proxy.transcript)` is a line for each. */
  get transcript(): Transcript {
    const source = this.settledSnapshot("transcript").transcript;
    if (this.read?.source !== source)
      this.read = { source, transcript: source.since(this.baseline.transcript.calls) };
    return this.read.transcript;
  }

  /** What has happened since the proxy began, its start too. @internal */
  get sinceStart(): Pick<Observation, "transcript" | "traps"> {
    return this.settledSnapshot("transcript");
  }

  /** How many calls there were when the test began. @internal */
  get startCalls(): number {
    return this.baseline.transcript.calls;
  }

  /** How many host calls there were since the test began. @internal */
  get hostCalls(): number {
    return this.settledSnapshot("transcript").transcript.hostCalls - this.baseline.transcript.hostCalls;
  }

  /** The traps since the test began; empty unless the scenario allows traps. Of many the newest 1,000, and up to twice as many. */
  get traps(): Kept<Trap> {
    return since(this.settledSnapshot("traps").traps, this.baseline.traps);
  }

  /**
   * What Envoy logged itself since the test began, of level info and above unless `envoyLogLevels` says otherwise.
   * Refused with `unsupported` in the embedded backend.
   */
  get envoyLogs(): readonly EnvoyLogEntry[] {
    const { envoyLogs } = this.settledSnapshot("envoyLogs");
    if (envoyLogs === null) throw withoutEnvoy("has no log of Envoy's", "envoy-log");
    return envoyLogs.slice(this.baseline.envoyLogs?.length ?? 0);
  }

  /**
   * The spans of all streams since the test began, in the order in which they started. Refused with `invalid_input`
   * unless the proxy was started with `tracing: true`.
   */
  get spans(): readonly Span[] {
    const { spans } = this.settledSnapshot("spans");
    if (spans !== null) return spans;
    throw new HarnessError(
      "invalid_input",
      "proxy.spans needs traces: start the proxy with tracing: true, in a real Envoy",
    );
  }

  /** What the filters logged while they were created and configured, before the test began. */
  get startLogs(): readonly LogEntry[] {
    return this.baseline.logs;
  }

  /** The trap that a request or `settled()` was refused with, whether or not anybody looked at it; else null. */
  get reported(): HarnessError | null {
    return this.reportedTrap;
  }

  /** Ends the proxy at once, and resolves when nothing of it is left. */
  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.running[Symbol.asyncDispose]();
  }

  private async advance(ms: number): Promise<void> {
    this.touch();
    try {
      await this.running.advance(ms);
    } finally {
      await this.refuseTraps();
    }
  }

  /** Something is about to happen: the last snapshot is out of date. @internal */
  protected touch(): void {
    this.snapshot = null;
  }

  /** Takes what a backend has seen for the snapshot. @internal */
  protected async observe(seen: Promise<Observation>): Promise<void> {
    this.snapshot = await seen;
    this.isCounted = true;
    await this.refuseTraps();
  }

  /** What the last `settled()` took. Refused with `not_settled` when something has happened since. @internal */
  protected settledSnapshot(what: string): Observation {
    if (this.snapshot !== null) return this.snapshot;
    throw notSettled(
      `${what} was read after traffic and before \`await proxy.settled()\`, so streams may still be open`,
    );
  }

  /** Those of filters since the test began, though streams may be open. @internal */
  protected async trapsSoFar(): Promise<readonly Trap[]> {
    return since(await this.running.traps(), this.baseline.traps);
  }

  /** One trap is reported once by requests and connections: a dead VM answers every later one the same way. @internal */
  protected async refuseTraps(): Promise<void> {
    if (this.looksForTraps) this.refuse(await this.running.traps());
  }

  /** As `refuseTraps`; null where that was done at once, for each promise takes a part of a request's time. @internal */
  protected refuseTrapsNow(): Promise<void> | null {
    if (!this.looksForTraps) return null;
    const traps = this.running.traps();
    if (traps instanceof Promise) return traps.then((seen) => this.refuse(seen));
    this.refuse(traps);
    return null;
  }

  private get looksForTraps(): boolean {
    return !this.allowTraps && this.reportedTrap === null;
  }

  private refuse(traps: readonly Trap[]): void {
    const trap = firstSince(traps, this.baseline.traps);
    if (trap === undefined) return;
    this.reportedTrap = trapError(trap);
    throw this.reportedTrap;
  }
}

function notSettled(why: string): HarnessError {
  return new HarnessError("not_settled", `proxy.${why}: await it first`);
}
