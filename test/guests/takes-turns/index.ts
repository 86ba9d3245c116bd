import {
  Action,
  Configuration,
  GrpcCall,
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

const CALLBACKS = ["request_headers", "response_headers", "log", "done"];
const CALLS = ["resume", "respond", "close", "call", "call_grpc", "open_grpc_stream"];

enum In {
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

/** `{ "in", "do" }`: in which callback of one stream what is done to the other; `call` and what follows is a callout that cannot be sent. */
class TurnConfiguration extends Configuration {
  where: i32 = 0;
  call: i32 = 0;

  read(json: JsonObject): void {
    this.where = json.oneOf("in", CALLBACKS);
    this.call = json.oneOf("do", CALLS);
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
      if (this.config.where <= In.ResponseHeaders) this.resumeRequest();
    } else if (call == Do.Close) this.close();
    else if (call == Do.Call) this.call(new HttpCallRequest(utf8("nowhere"), utf8("/")), new Unsent(this));
    else if (call == Do.CallGrpc) this.callGrpc(toNowhere(), new UnsentGrpc(this));
    else if (call == Do.OpenGrpcStream) this.openGrpcStream(toNowhere(), new UnopenedGrpc(this));
    else if (call == Do.Resume) this.resumeRequest();
  }

  /** A callout of it was not sent. */
  takeUnsent(): void {
    const name = this.requestHeaders.get(utf8("x-name"));
    log.info("not sent to " + (name === null ? "none" : name.toString()));
    this.resumeRequest();
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

/** The service knows that a stream waits. */
class Told extends HttpCall {
  onResult(result: HttpCallResult): void {}
}

class Unsent extends HttpCall {
  constructor(private readonly filter: TakesTurns) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.takeUnsent();
  }
}

class UnsentGrpc extends GrpcCall {
  constructor(private readonly filter: TakesTurns) {
    super();
  }

  onResult(result: GrpcResult): void {
    this.filter.takeUnsent();
  }
}

class UnopenedGrpc extends GrpcStream {
  constructor(private readonly filter: TakesTurns) {
    super();
  }

  onClosed(result: GrpcResult): void {
    this.filter.takeUnsent();
  }
}

function toNowhere(): GrpcRequest {
  return new GrpcRequest(utf8("nowhere"), utf8("pkg.Nothing"), utf8("Nothing"));
}
