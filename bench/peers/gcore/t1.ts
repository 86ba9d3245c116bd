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
  keys: Set<string> = new Set<string>();
  onConfigure(size: u32): bool {
    if (!super.onConfigure(size)) return false;
    const parts = this.getConfiguration().split("\n");
    for (let i = 0; i < parts.length; i++) this.keys.add(parts[i]);
    return true;
  }
  createContext(context_id: u32): Context {
    return new F(context_id, this);
  }
}
class F extends Context {
  constructor(context_id: u32, root: Root) {
    super(context_id, root);
  }
  onRequestHeaders(a: u32, eos: bool): FilterHeadersStatusValues {
    const h = stream_context.headers.request;
    const path = h.get(":path");
    const method = h.get(":method");
    const key = h.get("x-api-key");
    if (method == "OPTIONS" || path.startsWith("/public/")) return FilterHeadersStatusValues.Continue;
    const root = changetype<Root>(this.root_context);
    if (!root.keys.has(key)) {
      send_http_response(401, "unauthorized", String.UTF8.encode("unauthorized\n"), []);
      return FilterHeadersStatusValues.StopIteration;
    }
    h.add("x-authz", "allowed");
    h.add("x-authz-key", key);
    return FilterHeadersStatusValues.Continue;
  }
  onResponseHeaders(a: u32, eos: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-authz-by", "wasm");
    return FilterHeadersStatusValues.Continue;
  }
}
registerRootContext((context_id: u32): RootContext => {
  return new Root(context_id);
}, "bench");
