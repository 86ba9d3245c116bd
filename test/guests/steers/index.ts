import {
  Action,
  Body,
  Bytes,
  Configuration,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonArray,
  JsonObject,
  log,
  Plugin,
  QueueReader,
  ReplyOptions,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
  SharedQueue,
  Timer,
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
const BY = [
  "callback",
  "callout",
  "plugin_callout",
  "timer",
  "plugin_timer",
  "queue",
  "ticker",
  "unsent_callout",
  "unsent_plugin_callout",
];
const CALLS = ["respond", "respond_fully", "close", "resume_request", "resume_response"];

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
  RespondFully,
  Close,
  ResumeRequest,
  ResumeResponse,
}

enum By {
  Callback,
  Callout,
  PluginCallout,
  Timer,
  PluginTimer,
  Queue,
  Ticker,
  UnsentCallout,
  UnsentPluginCallout,
}

/** `{ "in", "do", "pause", "by", "after_ms" }` */
class SteerConfiguration extends Configuration {
  where: i32 = 0;
  /** `"do"`: the calls, in their order. */
  readonly calls: i32[] = [];
  /** The callback returns Pause, whatever the call returned. */
  isPausing: bool = false;
  /** Who makes the calls: the callback itself, or what comes later; a pausing callback waits for it. */
  by: By = By.Callback;
  /** When a timer does, and how often a ticker. */
  afterMs: u32 = 5;

  read(json: JsonObject): void {
    this.where = json.oneOf("in", CALLBACKS);
    this.readCalls(json.array("do"));
    this.isPausing = json.booleanOr("pause", false);
    this.by = <By>json.oneOfOr("by", BY, By.Callback);
    this.afterMs = <u32>json.integerOr("after_ms", 1, 100_000, 5);
  }

  private readCalls(json: JsonArray): void {
    for (let i = 0; i < json.length; i++) this.calls.push(CALLS.indexOf(json.string(i)));
  }
}

/** Makes calls that steer the stream, in the callback that its configuration names. */
@httpFilter("steers")
export class Steers extends HttpFilter<SteerConfiguration, SteeringPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return this.steerIn(In.RequestHeaders);
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return endOfStream || !this.isLater ? this.steerIn(In.RequestBody) : Action.Continue;
  }

  onRequestTrailers(trailers: RequestTrailers): Action {
    return this.steerIn(In.RequestTrailers);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return this.steerIn(In.ResponseHeaders);
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return endOfStream || !this.isLater ? this.steerIn(In.ResponseBody) : Action.Continue;
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
    if (call == Do.RespondFully) return this.respondFully();
    if (call == Do.Close) return this.close();
    if (call == Do.ResumeRequest) this.resumeRequest();
    if (call == Do.ResumeResponse) this.resumeResponse();
    return Action.Continue;
  }

  private respondFully(): Action {
    const options = new ReplyOptions();
    options.body = utf8("come back later");
    options.grpcStatus = 8;
    options.addHeader(utf8("x-limit"), utf8("a"));
    options.addHeader(utf8("x-limit"), utf8("b"));
    options.addHeader(utf8("content-type"), utf8("text/html"));
    return this.respond(429, "rate limited\there", options);
  }

  private get isLater(): bool {
    return this.config.by != By.Callback;
  }

  private steerIn(where: In): Action {
    if (this.config.where != where) return Action.Continue;
    log.info("it steers");
    const action = this.isLater ? this.steerLater() : this.steer();
    return this.config.isPausing ? Action.Pause : action;
  }

  private steerLater(): Action {
    const by = this.config.by;
    if (by == By.Callout) this.call(to("service"), new OnAnswer(this));
    else if (by == By.PluginCallout) this.plugin.call(to("service"), new OnAnswer(this));
    else if (by == By.UnsentCallout) this.call(to("nowhere"), new OnAnswer(this));
    else if (by == By.UnsentPluginCallout) this.plugin.call(to("nowhere"), new OnAnswer(this));
    else if (by == By.Timer) this.after(this.config.afterMs, new OnTime(this));
    else if (by == By.PluginTimer) this.plugin.after(this.config.afterMs, new OnTime(this));
    else if (by == By.Ticker) this.every(this.config.afterMs, new OnTime(this));
    else this.plugin.tell(this);
    return Action.Continue;
  }
}

/** Tells itself through a queue of streams that are to be steered. */
class SteeringPlugin extends Plugin<SteerConfiguration> {
  private reader: OnMessage | null = null;

  tell(filter: Steers): void {
    let reader = this.reader;
    if (reader === null) {
      reader = new OnMessage(filter);
      this.reader = reader;
      this.readQueue(utf8("steered"), reader);
    }
    reader.filter = filter;
    const queue = SharedQueue.find(utf8("steered"));
    if (queue !== null) queue.enqueue(utf8("now"));
  }
}

class OnAnswer extends HttpCall {
  constructor(private readonly filter: Steers) {
    super();
  }

  onResult(result: HttpCallResult): void {
    log.info("later");
    this.filter.steer();
  }
}

class OnTime extends Timer {
  constructor(private readonly filter: Steers) {
    super();
  }

  onTime(): void {
    log.info("later");
    this.filter.steer();
  }
}

class OnMessage extends QueueReader {
  constructor(public filter: Steers) {
    super();
  }

  onMessage(message: Bytes): void {
    log.info("later");
    this.filter.steer();
  }
}

function to(cluster: string): HttpCallRequest {
  return new HttpCallRequest(Bytes.fromString(cluster), utf8("/"));
}
