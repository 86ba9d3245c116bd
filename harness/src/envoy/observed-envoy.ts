import type { Observation, ObservedBackend } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { HistogramBucket, Trap } from "../observation.ts";
import { barrierListener } from "../own-names.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoyLease } from "./envoy-lease.ts";

export const settleMs = 10_000;
const barrierTotal = `http.${barrierListener}.downstream_rq_total`;
const barrierTimes = `http.${barrierListener}.downstream_rq_time`;

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

  admin(path: string): Promise<string> {
    return this.lease.admin(path);
  }

  prometheus(): Promise<string> {
    return this.lease.prometheus();
  }

  async settle(): Promise<Observation> {
    const bound = { ms: settleMs, what: () => this.unfinished() };
    const metrics = await this.process.within(this.settledMetrics(), bound);
    const histograms = await this.process.within(this.settledHistograms(metrics), bound);
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
      transcript: [...log.transcript],
      traps: [...log.traps],
      envoyLogs: [...log.own],
      spans: collected.spans,
    };
  }

  /**
   * Workers keep samples until they are merged, all at once: those of the barrier, which are the last, tell when all are.
   * By then everything has been read that was said before the metrics were.
   */
  private async settledHistograms(
    metrics: ReadonlyMap<string, bigint>,
  ): Promise<Map<string, HistogramBucket[]>> {
    const passed = Number(metrics.get(barrierTotal) ?? 0n);
    for (;;) {
      const histograms = await this.lease.histograms(barrierTimes);
      const timed = (histograms.get(barrierTimes) ?? []).reduce((sum, { count }) => sum + count, 0);
      histograms.delete(barrierTimes);
      if (timed >= passed) return histograms;
    }
  }
}

/** Why a test cannot move the time. */
function timeIsReal(moved: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `time is real in Envoy, and cannot be ${moved}: wait for what the filter does, by expect.poll over proxy.settled()`,
  );
}
