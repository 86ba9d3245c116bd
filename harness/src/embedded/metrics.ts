import type { HistogramBucket } from "../observation.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

const kinds = ["counter", "gauge", "histogram"] as const;
type MetricKind = (typeof kinds)[number];

interface Metric {
  readonly kind: MetricKind;
  value: bigint;
  /** Of a histogram, by where they begin: there are at most some 1,800, however many samples there are. */
  readonly buckets: Map<number, HistogramBucket>;
}

/** The metrics of a proxy, shared by all of its VMs: the same kind and name is the same metric. */
export class MetricStore {
  private readonly metrics = new Map<string, Metric>();

  /** The metric of this kind and name, which is there from now on. */
  define(kind: MetricKind, name: string): Metric {
    const key = `${kind} ${name}`;
    const metric = this.metrics.get(key) ?? { kind, value: 0n, buckets: new Map() };
    this.metrics.set(key, metric);
    return metric;
  }

  /** Counters and gauges by name. */
  values(): Map<string, bigint> {
    const named = [...this.metrics].filter(([, metric]) => metric.kind !== "histogram");
    return new Map(named.map(([key, metric]) => [nameIn(key), metric.value]));
  }

  /** Histograms by name, each as its buckets from the lowest on. */
  histograms(): Map<string, HistogramBucket[]> {
    const histograms = [...this.metrics].filter(([, metric]) => metric.kind === "histogram");
    return new Map(histograms.map(([key, { buckets }]) => [nameIn(key), sorted(buckets)]));
  }
}

function nameIn(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

function sorted(buckets: ReadonlyMap<number, HistogramBucket>): HistogramBucket[] {
  return [...buckets.values()].sort((a, b) => a.lowerBound - b.lowerBound);
}

function addSample({ buckets }: Metric, sample: bigint): void {
  const { lowerBound, width } = bucketOf(sample);
  const count = (buckets.get(lowerBound)?.count ?? 0) + 1;
  buckets.set(lowerBound, { lowerBound, width, count });
}

/** Envoy's histograms keep two significant digits of a sample: 7 is 7.0, and 0 has a bucket of its own. */
function bucketOf(sample: bigint): Omit<HistogramBucket, "count"> {
  const digits = String(sample);
  const lowerBound = Number(digits.slice(0, 2).padEnd(digits.length, "0"));
  return { lowerBound, width: sample === 0n ? 0 : 10 ** (digits.length - 2) };
}

/** What one VM calls metrics by. Envoy hands out a new id for each definition: 4k + kind, and k is counted for each kind. */
class MetricIds {
  private readonly byId = new Map<number, Metric>();
  private readonly definitions = [0, 0, 0];

  add(metric: Metric): number {
    const kind = kinds.indexOf(metric.kind);
    const count = (this.definitions[kind] ?? 0) + 1;
    this.definitions[kind] = count;
    this.byId.set(4 * count + kind, metric);
    return 4 * count + kind;
  }

  /** Null of one that was never handed out. */
  find(id: number): Metric | null {
    return this.byId.get(id) ?? null;
  }
}

/** The kind that an id says, or undefined. */
function kindOf(id: number): MetricKind | undefined {
  return kinds[id & 3];
}

/** Chapter metrics. */
export function metrics(guest: Guest): HostFunctions {
  const { metrics: store } = guest.vm.proxy;
  const ids = new MetricIds();
  return {
    proxy_define_metric(kindNumber: number, nameAddress: number, nameLength: number, idOut: number): Status {
      const kind = kinds[kindNumber];
      const name = guest.memory.read(nameAddress, nameLength);
      if (name === null) return Status.InvalidMemoryAccess;
      if (kind === undefined) return Status.BadArgument;
      return guest.memory.writeU32(idOut, ids.add(store.define(kind, new TextDecoder().decode(name))));
    },

    proxy_increment_metric(id: number, offset: bigint): Status {
      const kind = kindOf(id);
      if (kind === undefined || kind === "histogram") return Status.BadArgument;
      const metric = ids.find(id);
      if (metric === null) return Status.NotFound;
      if (kind === "counter" && offset <= 0n) return Status.BadArgument;
      metric.value = BigInt.asUintN(64, metric.value + offset);
      return Status.Ok;
    },

    proxy_record_metric(id: number, value: bigint): Status {
      const metric = ids.find(id);
      if (metric === null) return Status.NotFound;
      const unsigned = BigInt.asUintN(64, value);
      if (metric.kind === "histogram") addSample(metric, unsigned);
      else metric.value = metric.kind === "gauge" ? unsigned : BigInt.asUintN(64, metric.value + unsigned);
      return Status.Ok;
    },

    proxy_get_metric(id: number, valueOut: number): Status {
      const kind = kindOf(id);
      if (kind === undefined || kind === "histogram") return Status.BadArgument;
      const metric = ids.find(id);
      return metric === null ? Status.NotFound : guest.memory.writeU64(valueOut, metric.value);
    },
  };
}
