import type { HistogramSummary } from "../observation.ts";

/** The part of `/stats?format=json&histogram_buckets=detailed` that is read. */
interface StatsAnswer {
  readonly stats: ReadonlyArray<{
    readonly histograms?: {
      readonly details: ReadonlyArray<{
        readonly name: string;
        readonly totals: ReadonlyArray<{ readonly lower_bound: number; readonly count: number }>;
      }>;
    };
  }>;
}

/** Histograms by name as Envoy has merged them; a filter's own without `wasmcustom.`. */
export function parseHistograms(json: string): Map<string, HistogramSummary> {
  const { stats } = JSON.parse(json) as StatsAnswer;
  const details = stats.flatMap(({ histograms }) => histograms?.details ?? []);
  return new Map(
    details.map(({ name, totals }) => [
      name.replace(/^wasmcustom\./, ""),
      {
        count: totals.reduce((sum, bucket) => sum + bucket.count, 0),
        sum: totals.reduce((sum, bucket) => sum + bucket.count * bucket.lower_bound, 0),
      },
    ]),
  );
}
