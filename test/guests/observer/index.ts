import {
  Action,
  Body,
  HttpFields,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
} from "as-proxy-wasm";

/** Logs what each callback is given, and changes nothing. */
@httpFilter("observer")
export class Observer extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return observe("request headers", headers, endOfStream);
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return observeBody("request body", body.size, endOfStream);
  }

  onRequestTrailers(trailers: RequestTrailers): Action {
    return observe("request trailers", trailers, true);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return observe("response headers", headers, endOfStream);
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return observeBody("response body", body.size, endOfStream);
  }

  onResponseTrailers(trailers: ResponseTrailers): Action {
    return observe("response trailers", trailers, true);
  }

  onRequestMetadata(count: i32): void {
    log.info("request metadata of " + count.toString());
  }

  onResponseMetadata(count: i32): void {
    log.info("response metadata of " + count.toString());
  }

  onLog(): void {
    log.info("log");
  }

  onDone(): void {
    log.info("done");
  }
}

function observe(what: string, fields: HttpFields, endOfStream: bool): Action {
  log.info(what + (endOfStream ? ", the end" : ""));
  for (let i = 0; i < fields.size; i++) {
    log.info("  " + fields.nameAt(i).toString() + ": " + fields.valueAt(i).toString());
  }
  return Action.Continue;
}

function observeBody(what: string, size: i32, endOfStream: bool): Action {
  log.info(what + " of " + size.toString() + (endOfStream ? ", the end" : ""));
  return Action.Continue;
}
