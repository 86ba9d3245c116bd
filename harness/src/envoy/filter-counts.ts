import type { HistogramBucket } from "../observation.ts";
import { ofFilters, type Admin } from "./admin.ts";
import { barrierTotal, mergedHistograms } from "./merged-histograms.ts";

/** What filters have counted and recorded up to a moment, by the names that they gave. */
export interface FilterCounts {
  readonly metrics: ReadonlyMap<string, bigint>;
  readonly histograms: ReadonlyMap<string, readonly HistogramBucket[]>;
}

/** Of an Envoy that has run no filter. */
export const nothingCounted: FilterCounts = { metrics: new Map(), histograms: new Map() };

/** Takes stock of what all filters of an Envoy have counted: it keeps the counts of those that are gone. */
export class FilterStock {
  private readonly admin: Admin;
  /** What is known to be no gauge: Envoy's answer does not tell one from the other. */
  private readonly counters = new Set<string>();

  constructor(admin: Admin) {
    this.admin = admin;
  }

  /** Null when one of their gauges is not zero, but for what says which build they are; `Admin.catchUp` is done too. */
  async take(): Promise<FilterCounts | null> {
    const { metrics, hasHistograms } = await this.admin.filterStats();
    if (!(await this.areGaugesZero(metrics))) return null;
    return { metrics, histograms: hasHistograms ? await this.histograms() : new Map() };
  }

  private async areGaugesZero(metrics: ReadonlyMap<string, bigint>): Promise<boolean> {
    const left = [...metrics].filter(([, value]) => value !== 0n).map(([name]) => name);
    const mayBeGauges = left.filter((name) => !name.startsWith("proxy_wasm.build_info"));
    if (mayBeGauges.every((name) => this.counters.has(name))) return true;
    for (const name of await this.admin.filterCounters()) this.counters.add(name);
    return mayBeGauges.every((name) => this.counters.has(name));
  }

  private async histograms(): Promise<FilterCounts["histograms"]> {
    const total = await this.admin.metrics(`^${barrierTotal.replaceAll(".", "\\.")}$`);
    return mergedHistograms(this.admin, ofFilters, total.get(barrierTotal) ?? 0n);
  }
}
