import { Action, httpFilter, RequestHeaders, utf8 } from "as-proxy-wasm";
import { FaultInjection } from "../../../filters/fault-injection/index";

/** The fault filter, in a VM that ends with the request that has a header `x-trap`. */
@httpFilter("faults-and-traps")
export class FaultsAndTraps extends FaultInjection {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (headers.get(utf8("x-trap")) !== null) unreachable();
    return super.onRequestHeaders(headers, endOfStream);
  }
}
