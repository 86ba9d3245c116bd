import { Action, httpFilter, RequestHeaders, utf8 } from "as-proxy-wasm";
import { RateLimit } from "../../../filters/rate-limit/index";

/** The rate limiter, in a VM that ends with the request that has a header `x-trap`. */
@httpFilter("limits-and-traps")
export class LimitsAndTraps extends RateLimit {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (headers.get(utf8("x-trap")) !== null) unreachable();
    return super.onRequestHeaders(headers, endOfStream);
  }
}
