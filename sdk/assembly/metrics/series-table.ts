import { Bytes, utf8 } from "../bytes";
import { decimal } from "../bytes/decimal";
import { LabelValues } from "./label-list";
import { encodeLabel } from "./label-values";
import { log } from "../logging";
import { SeriesSlots } from "./series-slots";

/** What belongs to one combination of label values. */
class Series<T> {
  made: T | null = null;

  constructor(
    readonly values: Bytes,
    readonly hash: u32,
    /** The next series in the same bucket. */
    readonly next: Series<T> | null,
  ) {}
}

/**
 * The names of labels, to be known before the module runs: the transform puts them into its manifest, from which the
 * `stats_tags` come. They are literals of letters, digits and `_`.
 *
 * @category Metrics
 */
export function labelNames(names: string[]): string[] {
  return names;
}

/**
 * Several metrics with the same labels, found by one look-up: extend it with a `make` that makes an object of metrics,
 * each named `"http.requests" + labels`. As `LabelledCounter`, but for any number of labels, which a configuration may
 * choose, and with a limit that all VMs of a vm_id share and no lost VM loosens; beyond it all series are one, whose values
 * are `__overflow__`. Made in `onConfigured`. Source: Envoy's metrics.v3, `stats_tags`.
 *
 * @category Metrics
 */
export abstract class SeriesTable<T> {
  private readonly buckets: StaticArray<Series<T> | null>;
  private readonly slots: SeriesSlots;
  private overflow: T | null = null;

  constructor(
    /** What the names of its metrics begin with: tables of the same name and labels share their limit. */
    private readonly name: string,
    private readonly labels: string[],
    private readonly maxSeries: i32,
  ) {
    this.buckets = new StaticArray<Series<T> | null>(bucketsFor(maxSeries));
    let shared = name;
    for (let i = 0; i < labels.length; i++) shared += "\0" + labels[i];
    this.slots = new SeriesSlots(Bytes.fromString(shared), maxSeries);
  }

  /** What belongs to these values; made when they first occur. Valid in every callback. */
  with(values: LabelValues): T {
    const wanted = values.all;
    const hash = wanted.hash();
    const known = this.find(wanted, hash);
    if (known !== null) return this.madeOf(known);
    return this.admit(wanted, hash);
  }

  /** Makes the metrics of a series; `labels` is to stand behind the name of each: `{method=GET}{code=200}`. */
  protected abstract make(labels: string): T;

  private find(values: Bytes, hash: u32): Series<T> | null {
    let series = unchecked(this.buckets[hash & (this.buckets.length - 1)]);
    while (series !== null && (series.hash != hash || !series.values.equals(values))) series = series.next;
    return series;
  }

  private admit(values: Bytes, hash: u32): T {
    while (!this.slots.isFull) {
      const taken = this.slots.take(values);
      if (taken === null) return this.madeOf(this.keep(values, hash));
      const series = this.keep(taken, taken.hash());
      if (taken.equals(values)) return this.madeOf(series);
    }
    return this.overflowing();
  }

  private keep(values: Bytes, hash: u32): Series<T> {
    const bucket = hash & (this.buckets.length - 1);
    const series = new Series<T>(values.copy(), hash, unchecked(this.buckets[bucket]));
    unchecked((this.buckets[bucket] = series));
    return series;
  }

  private madeOf(series: Series<T>): T {
    const known = series.made;
    if (known !== null) return known;
    const made = this.make(this.encoded(series.values));
    series.made = made;
    return made;
  }

  private overflowing(): T {
    const known = this.overflow;
    if (known !== null) return known;
    log.warn(this.name + " has " + decimal(this.maxSeries) + " series: further ones share one");
    let labels = "";
    for (let i = 0; i < this.labels.length; i++) labels += encodeLabel(this.labels[i], utf8("__overflow__"));
    const made = this.make(labels);
    this.overflow = made;
    return made;
  }

  private encoded(values: Bytes): string {
    let labels = "";
    let at = 0;
    for (let i = 0; i < this.labels.length; i++) {
      const end = at + 1 + values[at];
      labels += encodeLabel(this.labels[i], values.slice(at + 1, end));
      at = end;
    }
    return labels;
  }
}

/** The power of two that leaves about one series a bucket. */
function bucketsFor(maxSeries: i32): i32 {
  let buckets = 16;
  while (buckets < maxSeries && buckets < 4096) buckets <<= 1;
  return buckets;
}
