import {
  Action,
  Bytes,
  Counter,
  Gauge,
  Histogram,
  HttpFilter,
  httpFilter,
  LabelledCounter,
  LabelledGauge,
  LabelledHistogram,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

const counted = new Counter("metrics.counted");
const gauge = new Gauge("metrics.gauge");
const other = new Gauge("metrics.set");
const sizes = new Histogram("metrics.sizes_bytes");
const requests = new LabelledCounter("metrics.requests", ["method", "who"]);
const few = new LabelledCounter("metrics.few", ["who"], 3);
const open = new LabelledGauge("metrics.open", ["who"]);
const lengths = new LabelledHistogram("metrics.lengths", ["who"]);

/** Does with its metrics what the request's headers ask for: `x-add: 3`, `x-subtract: 5`, `x-set: 7`, `x-record: 12`. */
@httpFilter("metrics")
export class Metrics extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    counted.increment(0);
    counted.increment();
    const add = headers.get(utf8("x-add"));
    if (add !== null) gauge.add(numberOf(add));
    const subtract = headers.get(utf8("x-subtract"));
    if (subtract !== null) gauge.subtract(numberOf(subtract));
    const set = headers.get(utf8("x-set"));
    if (set !== null) other.set(numberOf(set));
    if (headers.has(utf8("x-mix"))) gauge.set(1);
    const record = headers.get(utf8("x-record"));
    if (record !== null) sizes.record(numberOf(record));
    if (headers.has(utf8("x-control"))) requests.with(utf8("a\nb"), utf8("\0\x7f\t")).increment();
    label(headers);
    return Action.Continue;
  }
}

function label(headers: RequestHeaders): void {
  const method = headers.get(utf8(":method"));
  const all = headers.getAll(utf8("x-who"));
  for (let i = 0; i < all.length; i++) {
    requests.with(method === null ? Bytes.EMPTY : method, all[i]).increment();
    few.with(all[i]).increment();
    open.with(all[i]).add(2);
    open.with(all[i]).subtract();
    lengths.with(all[i]).record(all[i].length);
  }
}

function numberOf(digits: Bytes): u32 {
  return <u32>parseInt(digits.toString());
}
