import {
  Action,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** Holds a request for as long as `x-envoy-fault-delay-request` says, by a callout to a service that never answers. */
@httpFilter("delay-by-callout")
export class DelayByCallout extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const ms = headers.get(utf8("x-envoy-fault-delay-request"));
    if (ms === null) return Action.Continue;
    const request = new HttpCallRequest(utf8("silent"), utf8("/"));
    request.timeoutMs = <u32>parseInt(ms.toString());
    this.call(request, new EndOfDelay(this));
    return Action.Pause;
  }
}

class EndOfDelay extends HttpCall {
  constructor(private readonly filter: DelayByCallout) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.resumeRequest();
  }
}
