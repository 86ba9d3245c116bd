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

/** Asks one service who the caller is, then another whether that caller has quota left. */
@httpFilter("asks-in-sequence")
export class AsksInSequence extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const request = new HttpCallRequest(utf8("users"), utf8("/whoami"));
    const token = headers.get(utf8("authorization"));
    if (token !== null) request.headers.add(utf8("authorization"), token);
    this.call(request, new Identity(this));
    return Action.Pause;
  }
}

/** Who the caller is. */
class Identity extends HttpCall {
  constructor(private readonly filter: AsksInSequence) {
    super();
  }

  onResult(result: HttpCallResult): void {
    if (!result.isAnswered) this.filter.respond(503, "users unavailable");
    else if (result.status != 200) this.filter.respond(401, "unknown caller");
    else this.askForQuota(result);
  }

  private askForQuota(result: HttpCallResult): void {
    const user = result.readBody();
    this.filter.requestHeaders.set(utf8("x-user"), user);
    const request = new HttpCallRequest(utf8("quotas"), utf8("/take"));
    request.headers.add(utf8("x-user"), user);
    this.filter.call(request, new Quota(this.filter));
  }
}

/** Whether the caller may go on; when nobody knows, it may. */
class Quota extends HttpCall {
  constructor(private readonly filter: AsksInSequence) {
    super();
  }

  onResult(result: HttpCallResult): void {
    if (result.isAnswered && result.status == 429) this.filter.respond(429, "no quota");
    else this.filter.resumeRequest();
  }
}
