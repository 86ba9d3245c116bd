import {
  Action,
  Bytes,
  Configuration,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** `{ "cluster", "timeout_ms" }` */
class ServiceConfiguration extends Configuration {
  cluster: Bytes = Bytes.EMPTY;
  timeoutMs: u32 = 0;

  read(json: JsonObject): void {
    this.cluster = json.bytes("cluster");
    this.timeoutMs = <u32>json.integerOr("timeout_ms", 0, 60_000, 20_000);
  }
}

/** Asks a service about each request, and lets pass what it answers with 200. */
@httpFilter("calls-out")
export class CallsOut extends HttpFilter<ServiceConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const request = new HttpCallRequest(this.config.cluster, utf8("/check?a=1"));
    request.timeoutMs = this.config.timeoutMs;
    request.method = utf8("POST");
    request.headers.add(utf8("x-asked-by"), utf8("calls-out"));
    request.body = utf8("may it pass?");
    this.call(request, new Verdict(this));
    return Action.Pause;
  }
}

/** What the service thinks of the request. */
class Verdict extends HttpCall {
  constructor(private readonly filter: CallsOut) {
    super();
  }

  onResult(result: HttpCallResult): void {
    log.info("outcome " + result.outcome.toString() + ", status " + result.status.toString());
    for (let i = 0; i < result.headers.size; i++) {
      log.info("  " + result.headers.nameAt(i).toString() + ": " + result.headers.valueAt(i).toString());
    }
    log.info(result.trailers.size.toString() + " trailers");
    if (!result.isAnswered) this.filter.respond(503, "no verdict");
    else if (result.status != 200) this.filter.respond(403, "denied");
    else this.letPass(result);
  }

  private letPass(result: HttpCallResult): void {
    const user = result.headers.get(utf8("x-user"));
    if (user !== null) this.filter.requestHeaders.set(utf8("x-user"), user);
    log.info("it says " + result.readBody().toString());
    this.filter.resumeRequest();
  }
}
