import {
  Action,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** Tells a service of each request, and does not wait for the answer. */
@httpFilter("forgets")
export class Forgets extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.call(new HttpCallRequest(utf8("service"), utf8("/note")), new Note());
    return Action.Continue;
  }
}

/** What comes back, if the stream is still there. */
class Note extends HttpCall {
  onResult(result: HttpCallResult): void {
    log.info("an answer");
  }
}
