export * from "@gcoredev/proxy-wasm-sdk-as/assembly/proxy";
import {
  RootContext,
  Context,
  registerRootContext,
  FilterHeadersStatusValues,
  FilterDataStatusValues,
  BufferTypeValues,
  MetricTypeValues,
  WasmResultValues,
  define_metric,
  increment_metric,
  record_metric,
  get_buffer_bytes,
  set_buffer_bytes,
  stream_context,
  send_http_response,
} from "@gcoredev/proxy-wasm-sdk-as/assembly/runtime";
class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new F(context_id, this);
  }
}
class Ids {
  c: u32 = 0;
  h: u32 = 0;
}
const ids = new Map<string, Ids>();
class F extends Context {
  seg: string = "";
  constructor(context_id: u32, root: Root) {
    super(context_id, root);
  }
  onRequestHeaders(a: u32, eos: bool): FilterHeadersStatusValues {
    const path = stream_context.headers.request.get(":path");
    const rest = path.startsWith("/") ? path.substring(1) : path;
    let e = 0;
    while (e < rest.length) {
      const c = rest.charCodeAt(e);
      if (c == 0x2f || c == 0x3f) break;
      e++;
    }
    this.seg = rest.substring(0, e);
    return FilterHeadersStatusValues.Continue;
  }
  onResponseHeaders(a: u32, eos: bool): FilterHeadersStatusValues {
    const status = stream_context.headers.response.get(":status");
    const key = status.substring(0, 1) + "xx." + this.seg;
    let m: Ids;
    if (ids.has(key)) {
      m = ids.get(key);
    } else {
      m = new Ids();
      m.c = define_metric(MetricTypeValues.Counter, "bench.requests." + key).metric_id;
      m.h = define_metric(MetricTypeValues.Histogram, "bench.size." + key).metric_id;
      ids.set(key, m);
    }
    increment_metric(m.c, 1);
    record_metric(m.h, 42);
    return FilterHeadersStatusValues.Continue;
  }
}
registerRootContext((context_id: u32): RootContext => {
  return new Root(context_id);
}, "bench");
