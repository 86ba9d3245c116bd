import type { HistogramSummary } from "./observation.ts";

/** What was counted up to a moment. */
interface Counted {
  readonly metrics: ReadonlyMap<string, bigint>;
  readonly histograms: ReadonlyMap<string, HistogramSummary>;
}

/**
 * Counters, gauges and histograms by their names, as changes since the test began. The filters' own have the names that
 * they were defined with; Envoy's `wasmcustom.` is left out.
 *
 * @category Read what happened
 */
export class Stats {
  private readonly now: Counted;
  private readonly before: Counted;

  constructor(now: Counted, before: Counted) {
    this.now = now;
    this.before = before;
  }

  /** How much a counter or gauge changed, or null when there is none of that name. */
  get(name: string): number | null {
    const value = this.now.metrics.get(name);
    return value === undefined ? null : Number(value - (this.before.metrics.get(name) ?? 0n));
  }

  /** What was recorded in a histogram, or null when there is none of that name. */
  histogram(name: string): HistogramSummary | null {
    const now = this.now.histograms.get(name);
    if (now === undefined) return null;
    const before = this.before.histograms.get(name) ?? { count: 0, sum: 0 };
    return { count: now.count - before.count, sum: now.sum - before.sum };
  }

  /** The name of every counter and gauge that there is, sorted. */
  names(): string[] {
    return [...this.now.metrics.keys()].sort();
  }

  /** Those that changed, for messages and comparisons. */
  changed(): Record<string, number> {
    const changes = this.names().map((name) => [name, this.get(name) ?? 0] as const);
    return Object.fromEntries(changes.filter(([, change]) => change !== 0));
  }
}
