import { Action, HttpFilter, httpFilter, RequestHeaders, ResponseHeaders } from "as-proxy-wasm";
import { KeyList } from "../key-list";

/** Nothing: what a filter costs that is called and lets everything pass. */
@httpFilter("bench")
export class Nothing extends HttpFilter<KeyList> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return Action.Continue;
  }
}
