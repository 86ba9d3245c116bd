import {
  Action,
  Body,
  Bytes,
  HttpFilter,
  httpFilter,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import { KeyList } from "../key-list";

const LIMIT = 1 << 20;

/** Takes a secret out of the request's body, and tells the new length in the response. */
@httpFilter("bench")
export class Redaction extends HttpFilter<KeyList> {
  private total: i32 = 0;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.bufferRequestBody(LIMIT);
    return Action.Continue;
  }

  onWholeRequestBody(body: Body): Action {
    body.replaceEach(utf8("SECRET-TOKEN"), utf8("[redacted]"));
    this.total = body.size;
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    headers.add(utf8("x-total"), Bytes.fromInteger(this.total));
    return Action.Continue;
  }
}
