import {
  Action,
  Bytes,
  Configuration,
  GrpcCall,
  GrpcOutcome,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  Plugin,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";

const CALLBACKS = ["constructor", "request_headers", "response_headers", "log", "done"];
const CALLS = ["resume", "respond", "close", "call", "call_grpc", "open_grpc_stream"];

enum In {
  Constructor,
  RequestHeaders,
  ResponseHeaders,
  Log,
  Done,
}

enum Do {
  Resume,
  Respond,
  Close,
  Call,
  CallGrpc,
  OpenGrpcStream,
}

/** `{ "in", "do", "ask" }`: in which callback of one stream what is done to the other, and whom its callouts ask: `nowhere` cannot be asked. */
class TurnConfiguration extends Configuration {
  where: i32 = 0;
  call: i32 = 0;
  ask: Bytes = Bytes.EMPTY;

  read(json: JsonObject): void {
    this.where = json.oneOf("in", CALLBACKS);
    this.call = json.oneOf("do", CALLS);
    this.ask = json.bytesOr("ask", utf8("nowhere"));
  }
}

class Turns extends Plugin<TurnConfiguration> {
  /** The stream that waits until another has its turn. */
  waiting: TakesTurns | null = null;
}

/** Holds a request with `x-wait`, until another one lets it go. */
@httpFilter("takes-turns")
export class TakesTurns extends HttpFilter<TurnConfiguration, Turns> {
  private isWaiting: bool = false;

  constructor() {
    super();
    this.passOn(In.Constructor);
  }

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.isWaiting = headers.has(utf8("x-wait"));
    if (this.isWaiting) this.wait();
    else this.passOn(In.RequestHeaders);
    const own = headers.get(utf8("x-name"));
    log.info("it has " + (own === null ? "none" : own.toString()));
    return this.isWaiting ? Action.Pause : Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.passOn(In.ResponseHeaders);
    return Action.Continue;
  }

  onLog(): void {
    this.passOn(In.Log);
  }

  onDone(): void {
    this.passOn(In.Done);
  }

  /** Its turn has come. */
  steer(): void {
    log.info("its turn");
    const call = this.config.call;
    if (call == Do.Respond) {
      this.respond(418, "your turn");
      if (isMessage(this.config.where)) this.resumeRequest();
    } else if (call == Do.Close) this.close();
    else if (call == Do.Call) this.call(new HttpCallRequest(this.config.ask, utf8("/")), new OnAnswer(this));
    else if (call == Do.CallGrpc) this.callGrpc(this.grpc, new OnGrpcAnswer(this));
    else if (call == Do.OpenGrpcStream) this.openGrpcStream(this.grpc, new OnGrpcEnd(this));
    else if (call == Do.Resume) this.resumeRequest();
  }

  /** A callout of it has ended. */
  take(isSent: bool): void {
    const name = this.requestHeaders.get(utf8("x-name"));
    log.info((isSent ? "answered to " : "not sent to ") + (name === null ? "none" : name.toString()));
    this.resumeRequest();
  }

  private get grpc(): GrpcRequest {
    return new GrpcRequest(this.config.ask, utf8("pkg.Turns"), utf8("Take"));
  }

  private wait(): void {
    this.plugin.waiting = this;
    this.call(new HttpCallRequest(utf8("service"), utf8("/waits")), new Told());
  }

  private passOn(where: In): void {
    const waiting = this.plugin.waiting;
    if (this.isWaiting || waiting === null || this.config.where != where) return;
    this.plugin.waiting = null;
    waiting.steer();
  }
}

/** Whether a reply to another stream is refused there. */
function isMessage(where: In): bool {
  return where == In.RequestHeaders || where == In.ResponseHeaders;
}

/** The service knows that a stream waits. */
class Told extends HttpCall {
  onResult(result: HttpCallResult): void {}
}

class OnAnswer extends HttpCall {
  constructor(private readonly filter: TakesTurns) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.take(result.isAnswered);
  }
}

class OnGrpcAnswer extends GrpcCall {
  constructor(private readonly filter: TakesTurns) {
    super();
  }

  onResult(result: GrpcResult): void {
    this.filter.take(result.outcome == GrpcOutcome.Answered);
  }
}

class OnGrpcEnd extends GrpcStream {
  constructor(private readonly filter: TakesTurns) {
    super();
  }

  onClosed(result: GrpcResult): void {
    this.filter.take(result.outcome == GrpcOutcome.Answered);
  }
}
