import {
  Action,
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
  Timer,
  utf8,
} from "as-proxy-wasm";

/**
 * Lets the route be chosen anew by what `x-by` names: `callback`, `callout` or `timer` hold the request, `passed_callout`
 * and `passed_timer` do not, and ask the service for `/late` afterwards; `response` is the response's callback. With
 * `x-path` the path changes, and that is all.
 */
@httpFilter("reroutes")
export class Reroutes extends HttpFilter {
  private by: string = "";

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    logRoute("first"); // which Envoy has chosen, and kept
    const by = headers.get(utf8("x-by"));
    this.by = by === null ? "" : by.toString();
    const path = headers.get(utf8("x-path"));
    if (path !== null) headers.set(utf8(":path"), path);
    if (this.by == "callback") this.clear();
    if (this.by.endsWith("callout"))
      this.call(new HttpCallRequest(utf8("service"), utf8("/")), new OnAnswer(this));
    if (this.by.endsWith("timer")) this.after(5, new OnTime(this));
    return this.isHeld ? Action.Pause : Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    if (this.by == "response") this.clear();
    logRoute("last");
    return Action.Continue;
  }

  /** A later callback of the stream. */
  goOn(): void {
    this.clear();
    if (this.isHeld) this.resumeRequest();
    else this.call(new HttpCallRequest(utf8("service"), utf8("/late")), new OnTold());
  }

  private clear(): void {
    log.info("cleared " + clearRouteCache().toString());
  }

  private get isHeld(): bool {
    return this.by == "callout" || this.by == "timer";
  }
}

function logRoute(which: string): void {
  const route = properties.xds.routeName();
  log.info(which + " " + (route === null ? "none" : route.toString()));
}

class OnAnswer extends HttpCall {
  constructor(private readonly filter: Reroutes) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.goOn();
  }
}

class OnTold extends HttpCall {
  onResult(result: HttpCallResult): void {}
}

class OnTime extends Timer {
  constructor(private readonly filter: Reroutes) {
    super();
  }

  onTime(): void {
    this.filter.goOn();
  }
}
