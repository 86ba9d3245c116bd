import {
  Action,
  Body,
  Configuration,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonArray,
  JsonObject,
  log,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
  utf8,
} from "as-proxy-wasm";

const CALLBACKS = [
  "request_headers",
  "request_body",
  "request_trailers",
  "response_headers",
  "response_body",
  "response_trailers",
  "log",
  "done",
];
const CALLS = ["respond", "close", "resume_request", "resume_response"];

enum In {
  RequestHeaders,
  RequestBody,
  RequestTrailers,
  ResponseHeaders,
  ResponseBody,
  ResponseTrailers,
  Log,
  Done,
}

enum Do {
  Respond,
  Close,
  ResumeRequest,
  ResumeResponse,
}

/** `{ "in", "do", "pause", "later" }` */
class SteerConfiguration extends Configuration {
  where: i32 = 0;
  /** `"do"`: the calls, in their order. */
  readonly calls: i32[] = [];
  /** The callback returns Pause, whatever the call returned. */
  isPausing: bool = false;
  /** The call comes later, when the service has answered; a pausing callback waits for it. */
  isLater: bool = false;

  read(json: JsonObject): void {
    this.where = json.oneOf("in", CALLBACKS);
    this.readCalls(json.array("do"));
    this.isPausing = json.booleanOr("pause", false);
    this.isLater = json.booleanOr("later", false);
  }

  private readCalls(json: JsonArray): void {
    for (let i = 0; i < json.length; i++) this.calls.push(CALLS.indexOf(json.string(i)));
  }
}

/** Makes calls that steer the stream, in the callback that its configuration names. */
@httpFilter("steers")
export class Steers extends HttpFilter<SteerConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return this.steerIn(In.RequestHeaders);
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return endOfStream || !this.config.isLater ? this.steerIn(In.RequestBody) : Action.Continue;
  }

  onRequestTrailers(trailers: RequestTrailers): Action {
    return this.steerIn(In.RequestTrailers);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return this.steerIn(In.ResponseHeaders);
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return endOfStream || !this.config.isLater ? this.steerIn(In.ResponseBody) : Action.Continue;
  }

  onResponseTrailers(trailers: ResponseTrailers): Action {
    return this.steerIn(In.ResponseTrailers);
  }

  onLog(): void {
    this.steerIn(In.Log);
  }

  onDone(): void {
    this.steerIn(In.Done);
  }

  /** Makes the calls, and returns what the last one returned. */
  steer(): Action {
    let action = Action.Continue;
    for (let i = 0; i < this.config.calls.length; i++) action = this.make(this.config.calls[i]);
    return action;
  }

  private make(call: Do): Action {
    if (call == Do.Respond) return this.respond(418, "steered");
    if (call == Do.Close) return this.close();
    if (call == Do.ResumeRequest) this.resumeRequest();
    if (call == Do.ResumeResponse) this.resumeResponse();
    return Action.Continue;
  }

  private steerIn(where: In): Action {
    if (this.config.where != where) return Action.Continue;
    log.info("it steers");
    let action = Action.Continue;
    if (this.config.isLater) this.call(new HttpCallRequest(utf8("service"), utf8("/")), new Later(this));
    else action = this.steer();
    return this.config.isPausing ? Action.Pause : action;
  }
}

class Later extends HttpCall {
  constructor(private readonly filter: Steers) {
    super();
  }

  onResult(result: HttpCallResult): void {
    log.info("later");
    this.filter.steer();
  }
}
