import type { HistogramBucket } from "../observation.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

const kinds = ["counter", "gauge", "histogram"] as const;
type MetricKind = (typeof kinds)[number];

interface Metric {
  readonly kind: MetricKind;
  value: bigint;
  readonly samples: bigint[];
}

/**
 * The metrics of a proxy, shared by all of its VMs. Envoy hands out a new id for each definition; the same kind and
 * name is the same metric.
 */
export class MetricStore {
  private readonly metrics = new Map<string, Metric>();
  private readonly byId = new Map<number, Metric>();
  private definitions = 0;

  /** A new id for a metric; ids are 4k + kind, as in Envoy. */
  define(kind: MetricKind, name: string): number {
    const key = `${kind} ${name}`;
    const metric = this.metrics.get(key) ?? { kind, value: 0n, samples: [] };
    this.metrics.set(key, metric);
    const id = 4 * ++this.definitions + kinds.indexOf(kind);
    this.byId.set(id, metric);
    return id;
  }

  byNumber(id: number): Metric | null {
    return this.byId.get(id) ?? null;
  }

  /** Counters and gauges by name. */
  values(): Map<string, bigint> {
    const named = [...this.metrics].filter(([, metric]) => metric.kind !== "histogram");
    return new Map(named.map(([key, metric]) => [nameIn(key), metric.value]));
  }

  /** Histograms by name, each as its buckets from the lowest on. */
  histograms(): Map<string, HistogramBucket[]> {
    const histograms = [...this.metrics].filter(([, metric]) => metric.kind === "histogram");
    return new Map(histograms.map(([key, { samples }]) => [nameIn(key), bucketsOf(samples)]));
  }
}

function nameIn(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

function bucketsOf(samples: readonly bigint[]): HistogramBucket[] {
  const buckets = new Map<number, HistogramBucket>();
  for (const sample of samples) {
    const { lowerBound, width } = bucketOf(sample);
    const count = (buckets.get(lowerBound)?.count ?? 0) + 1;
    buckets.set(lowerBound, { lowerBound, width, count });
  }
  return [...buckets.values()].sort((a, b) => a.lowerBound - b.lowerBound);
}

/** Envoy's histograms keep two significant digits of a sample: 7 is 7.0, and 0 has a bucket of its own. */
function bucketOf(sample: bigint): Omit<HistogramBucket, "count"> {
  const digits = String(sample);
  const lowerBound = Number(digits.slice(0, 2).padEnd(digits.length, "0"));
  return { lowerBound, width: sample === 0n ? 0 : 10 ** (digits.length - 2) };
}

/** Chapter metrics. */
export function metrics(guest: Guest): HostFunctions {
  const { metrics: store } = guest.vm.proxy;
  return {
    proxy_define_metric(kindNumber: number, nameAddress: number, nameLength: number, idOut: number): Status {
      const kind = kinds[kindNumber];
      const name = guest.memory.read(nameAddress, nameLength);
      if (kind === undefined) return Status.BadArgument;
      if (name === null) return Status.InvalidMemoryAccess;
      return guest.memory.writeU32(idOut, store.define(kind, new TextDecoder().decode(name)));
    },

    proxy_increment_metric(id: number, offset: bigint): Status {
      const metric = store.byNumber(id);
      if (metric === null) return Status.NotFound;
      if (metric.kind === "histogram" || (metric.kind === "counter" && offset <= 0n))
        return Status.BadArgument;
      metric.value = BigInt.asUintN(64, metric.value + offset);
      return Status.Ok;
    },

    proxy_record_metric(id: number, value: bigint): Status {
      const metric = store.byNumber(id);
      if (metric === null) return Status.NotFound;
      const unsigned = BigInt.asUintN(64, value);
      if (metric.kind === "histogram") metric.samples.push(unsigned);
      else metric.value = metric.kind === "gauge" ? unsigned : BigInt.asUintN(64, metric.value + unsigned);
      return Status.Ok;
    },

    proxy_get_metric(id: number, valueOut: number): Status {
      const metric = store.byNumber(id);
      if (metric === null) return Status.NotFound;
      return metric.kind === "histogram" ? Status.BadArgument : guest.memory.writeU64(valueOut, metric.value);
    },
  };
}
