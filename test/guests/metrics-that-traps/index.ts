import { Action, HttpFilter, httpFilter, RequestHeaders, utf8 } from "as-proxy-wasm";
import { Metrics, MetricsAccessLog } from "../../../filters/metrics/index";

export { Metrics, MetricsAccessLog };

/** Stands in the VM of the filter, and takes it along. */
@httpFilter("traps")
export class Traps extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (headers.has(utf8("x-trap"))) unreachable();
    return Action.Continue;
  }
}
