import type { Observation, ObservedBackend } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { Faults } from "../faults.ts";
import type { Trap } from "../observation.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoyLease } from "./envoy-lease.ts";
import { barrierTotal } from "./merged-histograms.ts";

export const settleMs = 10_000;

/** A real Envoy as a proxy of any kind shows it: what its log says, and when that is complete. */
export abstract class ObservedEnvoy implements ObservedBackend {
  /** The use of Envoy by this proxy. */
  protected readonly lease: EnvoyLease;
  private readonly all: Disposals;

  /** `all` ends what the proxy consists of, the lease included. */
  protected constructor(lease: EnvoyLease, all: Disposals) {
    this.lease = lease;
    this.all = all;
  }

  /** Waits for what is still under way, and resolves with the metrics of that moment. */
  protected abstract settledMetrics(): Promise<Map<string, bigint>>;

  /** Waits for what plugins have begun while they started. */
  protected async started(): Promise<void> {
    await this.settledMetrics();
  }

  /** What did not come to its end. */
  protected abstract unfinished(): string;

  /** Throws what the handlers of the test's servers threw. */
  protected abstract refuseFailure(): void;

  async traps(): Promise<readonly Trap[]> {
    await this.lease.envoy.caughtUp();
    return [...this.process.log.traps];
  }

  async advance(): Promise<void> {
    throw timeIsReal("advanced");
  }

  freeze(): void {
    throw timeIsReal("stopped");
  }

  shiftWallClock(): void {
    throw timeIsReal("set");
  }

  faults(): Faults {
    throw new HarnessError(
      "unsupported",
      'a real Envoy answers host calls as it does: proxy.faults is there in the embedded backend, of which a test says needs: ["faults"]',
    );
  }

  admin(path: string): Promise<string> {
    return this.lease.admin(path);
  }

  prometheus(): Promise<string> {
    return this.lease.prometheus();
  }

  async baseline(): Promise<Observation> {
    const bound = { ms: settleMs, what: () => this.unfinished() };
    await this.process.within(this.started(), bound);
    const { metrics, histograms } = this.lease.before;
    const totals = await this.process.within(this.lease.envoy.admin.totals(), bound);
    return { metrics: new Map([...totals, ...metrics]), histograms, ...this.said() };
  }

  async settle(): Promise<Observation> {
    const bound = { ms: settleMs, what: () => this.unfinished() };
    const metrics = await this.process.within(this.settledMetrics(), bound);
    const passed = metrics.get(barrierTotal) ?? 0n;
    const histograms = await this.process.within(this.lease.histograms(passed), bound);
    await this.process.within(this.lease.collected.isComplete(), {
      ms: settleMs,
      what: () => this.lease.collected.unfinished(),
    });
    this.refuseFailure();
    return { metrics, histograms, ...this.said() };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all[Symbol.asyncDispose]();
  }

  protected get process() {
    return this.lease.envoy.process;
  }

  protected said(): Omit<Observation, "metrics" | "histograms"> {
    const { collected } = this.lease;
    const { log } = this.process;
    return {
      logs: [...log.entries],
      accessLog: collected.accessLog,
      transcript: log.trace.snapshot(),
      traps: [...log.traps],
      envoyLogs: [...log.own],
      spans: collected.spans,
    };
  }
}

/** Why a test cannot move the time. */
function timeIsReal(moved: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `time is real in Envoy, and cannot be ${moved}: wait for what the filter does, by expect.poll over proxy.settled()`,
  );
}
