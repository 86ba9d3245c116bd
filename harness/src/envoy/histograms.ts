import type { HistogramBucket } from "../observation.ts";

/** The part of `/stats?format=json&histogram_buckets=detailed` that is read. */
interface StatsAnswer {
  readonly stats: ReadonlyArray<{
    readonly histograms?: {
      readonly details: ReadonlyArray<{
        readonly name: string;
        readonly totals: ReadonlyArray<{
          readonly lower_bound: number;
          readonly width: number;
          readonly count: number;
        }>;
      }>;
    };
  }>;
}

/** Histograms by name as Envoy has merged them; a filter's own without `wasmcustom.`. */
export function parseHistograms(json: string): Map<string, HistogramBucket[]> {
  const { stats } = JSON.parse(json) as StatsAnswer;
  const details = stats.flatMap(({ histograms }) => histograms?.details ?? []);
  return new Map(
    details.map(({ name, totals }) => [
      name.replace(/^wasmcustom\./, ""),
      totals.map(({ lower_bound: lowerBound, width, count }) => ({ lowerBound, width, count })),
    ]),
  );
}
