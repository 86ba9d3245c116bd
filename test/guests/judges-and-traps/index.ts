import { Action, httpFilter, RequestHeaders, utf8 } from "as-proxy-wasm";
import { HeaderAuthz } from "../../../filters/header-authz/index";

/** The filter that judges requests, in a VM that ends with the request that has a header `x-trap`. */
@httpFilter("judges-and-traps")
export class JudgesAndTraps extends HeaderAuthz {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (headers.get(utf8("x-trap")) !== null) unreachable();
    return super.onRequestHeaders(headers, endOfStream);
  }
}
