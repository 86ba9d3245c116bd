import {
  Action,
  Bytes,
  callForeignFunction,
  clearRouteCache,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  log,
  properties,
  RequestHeaders,
  ResponseHeaders,
  setProperty,
  Timer,
  utf8,
} from "as-proxy-wasm";

/** Sends each request elsewhere, from what `x-by` names: `callback`, `callout` or `timer`; `x-raw` asks Envoy itself. */
@httpFilter("reroutes")
export class Reroutes extends HttpFilter {
  private isRaw: bool = false;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    logRoute(); // which Envoy chooses now
    const by = headers.get(utf8("x-by"));
    this.isRaw = headers.has(utf8("x-raw"));
    if (by !== null && by.equals(utf8("callout")))
      this.call(new HttpCallRequest(utf8("service"), utf8("/")), new OnAnswer(this));
    else if (by !== null && by.equals(utf8("timer"))) this.after(5, new OnTime(this));
    else return this.reroute();
    return Action.Pause;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    logRoute();
    return Action.Continue;
  }

  reroute(): Action {
    if (this.requestHeaders.has(utf8("x-fs"))) setProperty(utf8("mine"), utf8("1"));
    if (this.requestHeaders.has(utf8("x-path"))) this.requestHeaders.set(utf8(":path"), utf8("/elsewhere"));
    logRoute();
    const done = this.isRaw
      ? callForeignFunction("clear_route_cache", Bytes.EMPTY).orNull !== null
      : clearRouteCache();
    log.info("cleared " + done.toString());
    logRoute();
    return Action.Continue;
  }
}

function logRoute(): void {
  const route = properties.xds.routeName();
  log.info("route " + (route === null ? "none" : route.toString()));
}

class OnAnswer extends HttpCall {
  constructor(private readonly filter: Reroutes) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.reroute();
    this.filter.resumeRequest();
  }
}

class OnTime extends Timer {
  constructor(private readonly filter: Reroutes) {
    super();
  }

  onTime(): void {
    this.filter.reroute();
    this.filter.resumeRequest();
  }
}
