import { Bytes, utf8 } from "../bytes";
import { decimal } from "../bytes/decimal";
import { cutLabelValue, encodeLabel } from "./label-values";
import { log } from "../logging";
import { Counter, Gauge, Histogram, Metric } from "../metrics";

/** How many series a metric may have when its constructor does not say. */
const DEFAULT_MAX_SERIES = 200;

const BUCKETS = 64;

/** One combination of label values and its metric. */
class Series<M extends Metric> {
  constructor(
    readonly first: Bytes,
    readonly second: Bytes,
    readonly third: Bytes,
    readonly fourth: Bytes,
    readonly metric: M,
    /** The next series in the same bucket. */
    readonly next: Series<M> | null,
  ) {}

  has(first: Bytes, second: Bytes, third: Bytes, fourth: Bytes): bool {
    if (!isSame(this.first, first) || !isSame(this.second, second)) return false;
    return isSame(this.third, third) && isSame(this.fourth, fourth);
  }
}

/**
 * A metric with labels: one series for each combination of their values, made when it is first used. The host has no
 * labels, so they stand in the name, `http.requests{method=GET}{code=200}`, from which Envoy takes them by the
 * `stats_tags` that belong to the module (`statsTags` of proxy-wasm-harness gives them); for that the labels are
 * literals, one to four, of letters, digits and `_`. Values may be any bytes, from the client, too: they are escaped, the
 * first 100 bytes count, and a VM makes no more series than the limit, after which all others share one whose values
 * are `__overflow__`. Keep it as a constant of the file that counts.
 */
export abstract class LabelledMetric<M extends Metric> {
  private readonly buckets: StaticArray<Series<M> | null> = new StaticArray<Series<M> | null>(BUCKETS);
  private overflow: M | null = null;
  private count: i32 = 0;

  constructor(
    /** Its name, without labels and the host's prefix. */
    readonly name: string,
    /** The names of its labels, in the order in which `with` takes their values. */
    readonly labels: string[],
    /** How many series a VM makes before the others share one. */
    readonly maxSeries: i32 = DEFAULT_MAX_SERIES,
  ) {}

  /** The series with these label values, in the order of the labels; a label without a value has an empty one. */
  with(
    first: Bytes,
    second: Bytes = Bytes.EMPTY,
    third: Bytes = Bytes.EMPTY,
    fourth: Bytes = Bytes.EMPTY,
  ): M {
    return this.find(
      cutLabelValue(first),
      cutLabelValue(second),
      cutLabelValue(third),
      cutLabelValue(fourth),
    );
  }

  /** For the SDK: makes the metric of a series. @internal */
  protected abstract make(name: string): M;

  private find(first: Bytes, second: Bytes, third: Bytes, fourth: Bytes): M {
    const bucket = bucketOf(first, second, third, fourth);
    const chain = unchecked(this.buckets[bucket]);
    let series = chain;
    while (series !== null) {
      if (series.has(first, second, third, fourth)) return series.metric;
      series = series.next;
    }
    if (this.count >= this.maxSeries) return this.overflowing();
    this.count++;
    const metric = this.make(this.seriesName(first, second, third, fourth));
    unchecked(
      (this.buckets[bucket] = new Series<M>(
        first.copy(),
        second.copy(),
        third.copy(),
        fourth.copy(),
        metric,
        chain,
      )),
    );
    return metric;
  }

  private overflowing(): M {
    const known = this.overflow;
    if (known !== null) return known;
    log.warn("metric " + this.name + " has " + decimal(this.maxSeries) + " series: further ones share one");
    const value = utf8("__overflow__");
    const metric = this.make(this.seriesName(value, value, value, value));
    this.overflow = metric;
    return metric;
  }

  private seriesName(first: Bytes, second: Bytes, third: Bytes, fourth: Bytes): string {
    const values: Bytes[] = [first, second, third, fourth];
    let name = this.name;
    for (let i = 0; i < min(this.labels.length, values.length); i++) {
      name += encodeLabel(this.labels[i], values[i]);
    }
    return name;
  }
}

/**
 * A counter with labels: `requests.with(method, code).increment()`. Source: Envoy's metrics.v3, `stats_tags`.
 *
 * @category Metrics
 */
export class LabelledCounter extends LabelledMetric<Counter> {
  protected make(name: string): Counter {
    return new Counter(name);
  }
}

/**
 * A gauge with labels: `active.with(route).add()`. Source: Envoy's metrics.v3, `stats_tags`.
 *
 * @category Metrics
 */
export class LabelledGauge extends LabelledMetric<Gauge> {
  protected make(name: string): Gauge {
    return new Gauge(name);
  }
}

/**
 * A histogram with labels: `durations.with(route).record(ms)`. Source: Envoy's metrics.v3, `stats_tags`.
 *
 * @category Metrics
 */
export class LabelledHistogram extends LabelledMetric<Histogram> {
  protected make(name: string): Histogram {
    return new Histogram(name);
  }
}

/** Labels that are not there have one and the same empty value, which needs no closer look. */
// @ts-ignore: decorator
@inline
function isSame(left: Bytes, right: Bytes): bool {
  return left === right || left.equals(right);
}

function bucketOf(first: Bytes, second: Bytes, third: Bytes, fourth: Bytes): i32 {
  let hash = first.hash();
  if (second.length != 0) hash = hash * 31 + second.hash();
  if (third.length != 0) hash = hash * 31 + third.hash();
  if (fourth.length != 0) hash = hash * 31 + fourth.hash();
  return <i32>((hash ^ (hash >> 16)) & (BUCKETS - 1));
}
