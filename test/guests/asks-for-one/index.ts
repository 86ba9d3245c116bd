import {
  Action,
  Bytes,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";

/** Looks at one header of the request, and at one of the response. */
@httpFilter("asks-for-one")
export class AsksForOne extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    log.info("request: " + said(headers.get(utf8("X-A"))));
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    log.info("response: " + said(headers.get(utf8("x-a"))));
    return Action.Continue;
  }

  onLog(): void {
    log.info("log: " + said(this.requestHeaders.get(utf8("x-a"))));
  }
}

function said(value: Bytes | null): string {
  return value === null ? "absent" : '"' + value.toString() + '"';
}
