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
class F extends Context {
  total: u32 = 0;
  constructor(context_id: u32, root: Root) {
    super(context_id, root);
  }
  onRequestHeaders(a: u32, eos: bool): FilterHeadersStatusValues {
    return eos ? FilterHeadersStatusValues.Continue : FilterHeadersStatusValues.StopIteration;
  }
  onRequestBody(size: usize, eos: bool): FilterDataStatusValues {
    if (!eos) return FilterDataStatusValues.StopIterationAndBuffer;
    const b = get_buffer_bytes(BufferTypeValues.HttpRequestBody, 0, <u32>size);
    const out = String.UTF8.encode(String.UTF8.decode(b).replaceAll("SECRET-TOKEN", "[redacted]"));
    this.total = out.byteLength;
    set_buffer_bytes(BufferTypeValues.HttpRequestBody, 0, <u32>size, out);
    return FilterDataStatusValues.Continue;
  }
  onResponseHeaders(a: u32, eos: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-total", this.total.toString());
    return FilterHeadersStatusValues.Continue;
  }
}
registerRootContext((context_id: u32): RootContext => {
  return new Root(context_id);
}, "bench");
