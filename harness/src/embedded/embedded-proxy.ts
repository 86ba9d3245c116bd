import type { Observation, ObservedBackend } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { Faults } from "../faults.ts";
import { withoutEnvoy } from "../observing.ts";
import type { Trap } from "../observation.ts";
import type { ProxyState } from "./proxy-state.ts";

/** What every proxy on the embedded host gives, whatever it carries. */
export abstract class EmbeddedProxy implements ObservedBackend {
  protected readonly state: ProxyState;

  constructor(state: ProxyState) {
    this.state = state;
  }

  async traps(): Promise<readonly Trap[]> {
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
    const { metrics, logs, accessLog, tape, traps } = this.state;
    return {
      metrics: metrics.values(),
      histograms: metrics.histograms(),
      logs: [...logs],
      accessLog: [...accessLog],
      transcript: tape.snapshot(),
      traps: [...traps],
      envoyLogs: null,
      spans: null,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state.progress.thaw();
  }
}
