import { Action, Bytes, HttpFilter, httpFilter, RequestHeaders, ResponseHeaders, utf8 } from "as-proxy-wasm";
import { KeyList } from "../key-list";

/** Adds up the length of every request header and tells it in the response. */
@httpFilter("bench")
export class TotalLength extends HttpFilter<KeyList> {
  private total: i32 = 0;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    for (let i = 0; i < headers.size; i++) {
      this.total += headers.nameAt(i).length + headers.valueAt(i).length;
    }
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    headers.add(utf8("x-total"), Bytes.fromInteger(this.total));
    return Action.Continue;
  }
}
