import {
  Action,
  Body,
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

/** `{ "ask": "headers" | "body" }`: when the service is asked. */
class CheckConfiguration extends Configuration {
  isAskedEarly: bool = false;

  read(json: JsonObject): void {
    this.isAskedEarly = json.oneOf("ask", ["headers", "body"]) == 0;
  }
}

/** Holds each request until a service has seen it, and adds what the service says to its body. */
@httpFilter("checks-bodies")
export class ChecksBodies extends HttpFilter<CheckConfiguration> {
  private body: Body | null = null;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.bufferRequestBody(1_000);
    if (!this.config.isAskedEarly) return Action.Continue;
    this.call(new HttpCallRequest(utf8("service"), utf8("/")), new Opinion(this));
    return Action.Pause;
  }

  onWholeRequestBody(body: Body): Action {
    log.info("whole: " + body.read().toString());
    this.body = body;
    if (this.config.isAskedEarly) return Action.Continue;
    const request = new HttpCallRequest(utf8("service"), utf8("/"));
    request.body = body.read();
    this.call(request, new Opinion(this));
    return Action.Pause;
  }

  /** The service has answered. */
  learn(result: HttpCallResult): void {
    const body = this.body;
    if (body !== null) body.append(result.readBody());
    this.requestHeaders.set(utf8("x-checked"), utf8("yes"));
    this.resumeRequest();
  }
}

class Opinion extends HttpCall {
  constructor(private readonly filter: ChecksBodies) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.learn(result);
  }
}
