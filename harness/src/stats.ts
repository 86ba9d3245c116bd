import type { HistogramBucket, HistogramSummary } from "./observation.ts";

/** What was counted up to a moment. */
interface Counted {
  readonly metrics: ReadonlyMap<string, bigint>;
  readonly histograms: ReadonlyMap<string, readonly HistogramBucket[]>;
}

/**
 * Counters, gauges and histograms by their names, as changes since before the test's filters started; what Envoy counts of
 * itself as a whole, since they ran. The filters' own have the names that they were defined with; Envoy's `wasmcustom.` is
 * left out.
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
    return this.buckets(name)?.reduce(added, { count: 0, sum: 0 }) ?? null;
  }

  /** The same sample by sample, from the lowest on, as far as Envoy tells them apart; null when there is none. */
  buckets(name: string): HistogramBucket[] | null {
    const before = new Map(
      this.before.histograms.get(name)?.map(({ lowerBound, count }) => [lowerBound, count]),
    );
    const now = this.now.histograms.get(name)?.map((bucket) => {
      return { ...bucket, count: bucket.count - (before.get(bucket.lowerBound) ?? 0) };
    });
    return now?.filter(({ count }) => count > 0) ?? null;
  }

  /**
   * The sample that so large a part of all samples does not exceed, `0.99` for example, at Envoy's two digits; null
   * when there is none.
   */
  percentile(name: string, part: number): number | null {
    const buckets = this.buckets(name) ?? [];
    const { count } = buckets.reduce(added, { count: 0, sum: 0 });
    let rest = Math.max(1, Math.ceil(count * part));
    return buckets.find((bucket) => (rest -= bucket.count) <= 0)?.lowerBound ?? null;
  }

  /** The name of every histogram that there is, sorted. */
  histogramNames(): string[] {
    return [...this.now.histograms.keys()].sort();
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

function added({ count, sum }: HistogramSummary, bucket: HistogramBucket): HistogramSummary {
  return { count: count + bucket.count, sum: sum + bucket.count * bucket.lowerBound };
}
