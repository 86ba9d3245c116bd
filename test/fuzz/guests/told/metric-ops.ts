import {
  Bytes,
  Counter,
  Gauge,
  Histogram,
  LabelledCounter,
  LabelledGauge,
  LabelledHistogram,
} from "as-proxy-wasm";
import { Script } from "./script";

const counter = new Counter("told.counter");
const counting = new Gauge("told.counting");
const setting = new Gauge("told.setting");
const histogram = new Histogram("told.histogram");
const labelledCounter = new LabelledCounter("told.counters", ["a", "b"], 2);
const labelledGauge = new LabelledGauge("told.gauges", ["a", "b", "c", "d"], 1);
const labelledHistogram = new LabelledHistogram("told.histograms", ["a"], 1);

enum MetricOp {
  Count,
  Add,
  Subtract,
  Set,
  Record,
  LabelledCount,
  LabelledAdd,
  LabelledRecord,
}

export function runMetricOp(script: Script): void {
  const op = script.code();
  const value = script.long();
  switch (op) {
    case MetricOp.Count:
      return counter.increment(<u32>value);
    case MetricOp.Add:
      return (script.flag() ? counting : setting).add(<u32>value);
    case MetricOp.Subtract:
      return (script.flag() ? counting : setting).subtract(<u32>value);
    case MetricOp.Set:
      return (script.flag() ? setting : counting).set(value);
    case MetricOp.Record:
      return histogram.record(value);
    case MetricOp.LabelledCount:
      return labelledCounter.with(script.bytes(), script.bytes()).increment(<u32>value);
    case MetricOp.LabelledAdd: {
      const gauge = labelledGauge.with(script.bytes(), script.bytes(), Bytes.EMPTY, script.bytes());
      return gauge.add(<u32>value);
    }
    default:
      return labelledHistogram.with(script.bytes()).record(value);
  }
}
