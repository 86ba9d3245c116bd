import {
  AccessLogger,
  accessLogger,
  Action,
  Bytes,
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
  NetworkFilter,
  networkFilter,
  Plugin,
  RequestHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";

const BY = ["stream", "plugin"];
const ASK = ["call", "call_grpc", "open_grpc_stream", "timer"];

enum By {
  Stream,
  Plugin,
}

enum Ask {
  Call,
  CallGrpc,
  OpenGrpcStream,
  Timer,
}

/** `{ "by", "ask", "cluster" }`: who asks for what, and whom. */
class EarlyConfiguration extends Configuration {
  by: i32 = By.Stream;
  ask: i32 = Ask.Call;
  cluster: Bytes = Bytes.EMPTY;

  read(json: JsonObject): void {
    this.by = json.oneOfOr("by", BY, By.Stream);
    this.ask = json.oneOf("ask", ASK);
    this.cluster = json.bytesOr("cluster", utf8("nowhere"));
  }

  get http(): HttpCallRequest {
    return new HttpCallRequest(this.cluster, utf8("/early"));
  }

  get grpc(): GrpcRequest {
    return new GrpcRequest(this.cluster, utf8("pkg.Early"), utf8("Ask"));
  }
}

class EarlyPlugin extends Plugin<EarlyConfiguration> {
  ask(told: Told): void {
    const config = this.config;
    if (config.ask == Ask.Call) this.call(config.http, new OnAnswer(told));
    else if (config.ask == Ask.CallGrpc) this.callGrpc(config.grpc, new OnGrpcAnswer(told));
    else if (config.ask == Ask.OpenGrpcStream) this.openGrpcStream(config.grpc, new OnGrpcStream(told));
    else this.after(5, new OnTime(told));
  }
}

/** What becomes of a question. */
class Told {
  filter: AsksEarly | null = null;
  isTold: bool = false;

  tell(what: string): void {
    log.info(what);
    this.isTold = true;
    const filter = this.filter;
    if (filter !== null && filter.isHeld) filter.resumeRequest();
  }
}

/** Asks in its constructor, and holds the request until it is told. */
@httpFilter("requests")
export class AsksEarly extends HttpFilter<EarlyConfiguration, EarlyPlugin> {
  private readonly told: Told = new Told();
  isHeld: bool = false;

  constructor() {
    super();
    this.told.filter = this;
    if (this.config.by == By.Plugin) this.plugin.ask(this.told);
    else this.ask(this.told);
  }

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.isHeld = !this.told.isTold;
    return this.isHeld ? Action.Pause : Action.Continue;
  }

  private ask(told: Told): void {
    const config = this.config;
    if (config.ask == Ask.Call) this.call(config.http, new OnAnswer(told));
    else if (config.ask == Ask.CallGrpc) this.callGrpc(config.grpc, new OnGrpcAnswer(told));
    else if (config.ask == Ask.OpenGrpcStream) this.openGrpcStream(config.grpc, new OnGrpcStream(told));
    else this.after(5, new OnTime(told));
  }
}

/** Asks in its constructor, for each connection. */
@networkFilter("connections")
export class AsksEarlyOfConnections extends NetworkFilter<EarlyConfiguration, EarlyPlugin> {
  constructor() {
    super();
    if (this.config.by == By.Plugin) this.plugin.ask(new Told());
    else this.call(this.config.http, new OnAnswer(new Told()));
  }

  onNewConnection(): Action {
    return Action.Continue;
  }
}

/** Asks in its constructor, which is that of a plugin, and before it has its configuration. */
@accessLogger("logger")
export class AsksEarlyAndLogs extends AccessLogger {
  constructor() {
    super();
    this.call(new HttpCallRequest(utf8("nowhere"), utf8("/early")), new OnAnswer(new Told()));
    this.callGrpc(
      new GrpcRequest(utf8("nowhere"), utf8("pkg.Early"), utf8("Ask")),
      new OnGrpcAnswer(new Told()),
    );
  }

  onLog(): void {}
}

class OnAnswer extends HttpCall {
  constructor(private readonly told: Told) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.told.tell("call: " + result.outcome.toString());
  }
}

class OnGrpcAnswer extends GrpcCall {
  constructor(private readonly told: Told) {
    super();
  }

  onResult(result: GrpcResult): void {
    this.told.tell("call_grpc: " + result.outcome.toString());
  }
}

class OnGrpcStream extends GrpcStream {
  constructor(private readonly told: Told) {
    super();
  }

  onClosed(result: GrpcResult): void {
    this.told.tell("open_grpc_stream: " + result.outcome.toString());
  }
}

class OnTime extends Timer {
  constructor(private readonly told: Told) {
    super();
  }

  onTime(): void {
    this.told.tell("timer");
  }
}
