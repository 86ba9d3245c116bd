import type { Observation, ObservedBackend } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { Faults } from "../faults.ts";
import { growing } from "../kept.ts";
import { withoutEnvoy } from "../observing.ts";
import type { Trap } from "../observation.ts";
import type { ProxyState } from "./proxy-state.ts";

/** What every proxy on the embedded host gives, whatever it carries. */
export abstract class EmbeddedProxy implements ObservedBackend {
  protected readonly state: ProxyState;

  constructor(state: ProxyState) {
    this.state = state;
  }

  traps(): readonly Trap[] {
    return this.state.traps;
  }

  async advance(ms: number): Promise<void> {
    await this.state.progress.advance(ms);
  }

  freeze(): void {
    this.state.progress.freeze();
  }

  shiftWallClock(ms: number): void {
    this.state.clock.shiftWall(ms);
  }

  faults(): Faults {
    return this.state.faults;
  }

  async admin(): Promise<string> {
    throw withoutEnvoy("has no admin interface", "admin");
  }

  async prometheus(): Promise<string> {
    throw new HarnessError(
      "unsupported",
      "the embedded backend has no page for Prometheus: read proxy.stats, or run this test in a real Envoy (vitest --project envoy)",
    );
  }

  async baseline(): Promise<Observation> {
    return { ...(await this.settle()), metrics: new Map(), histograms: new Map() };
  }

  async settle(): Promise<Observation> {
    await this.state.progress.settled();
    this.state.letGo();
    const { metrics, logs, accessLog, tape, traps } = this.state;
    return {
      metrics: metrics.values(),
      histograms: metrics.histograms(),
      logs: growing(logs, logs.omitted),
      accessLog: growing(accessLog, accessLog.omitted),
      transcript: tape.snapshot(),
      traps: growing(traps, traps.omitted),
      envoyLogs: null,
      spans: null,
    };
  }

  /** What runs on when the proxy has ended, and comes to its end then. */
  protected unfinished(): Iterable<Promise<unknown>> {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state.progress.thaw();
    await Promise.allSettled(this.unfinished());
    this.state.coverage?.end(this.state);
  }
}
