import {
  Action,
  Bytes,
  Configuration,
  GrpcCall,
  GrpcRequest,
  GrpcResult,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  ProtobufReader,
  ProtobufWriter,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

const NAME: u32 = 1;
const GREETING: u32 = 1;

/** `{ "cluster", "timeout_ms", "cancel" }` */
class GreeterConfiguration extends Configuration {
  cluster: Bytes = Bytes.EMPTY;
  timeoutMs: u32 = 0;
  /** The call is cancelled as soon as it is made. */
  isCancelling: bool = false;
  /** The call is made, and not waited for. */
  isForgetting: bool = false;

  read(json: JsonObject): void {
    this.cluster = json.bytesOr("cluster", utf8("greeter"));
    this.timeoutMs = <u32>json.integerOr("timeout_ms", 0, 60_000, 20_000);
    this.isCancelling = json.booleanOr("cancel", false);
    this.isForgetting = json.booleanOr("forget", false);
  }
}

/** Has each request greeted by a service, and tells the upstream how. */
@httpFilter("calls-grpc")
export class CallsGrpc extends HttpFilter<GreeterConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const request = new GrpcRequest(this.config.cluster, utf8("pkg.Greeter"), utf8("Greet"));
    const name = headers.get(utf8("x-name"));
    request.message = new ProtobufWriter().bytes(NAME, name === null ? utf8("world") : name).finish();
    request.timeoutMs = this.config.timeoutMs;
    request.addMetadata(utf8("x-asked-by"), utf8("calls-grpc"));
    request.addMetadata(utf8("key-bin"), utf8("a b"));
    const greeting = new Greeting(this);
    this.callGrpc(request, greeting);
    if (this.config.isCancelling) greeting.cancel();
    return this.config.isCancelling || this.config.isForgetting ? Action.Continue : Action.Pause;
  }
}

class Greeting extends GrpcCall {
  constructor(private readonly filter: CallsGrpc) {
    super();
  }

  onResult(result: GrpcResult): void {
    const message = result.statusMessage.toString();
    log.info(
      "outcome " + result.outcome.toString() + ", status " + result.status.toString() + ": " + message,
    );
    if (result.isOk) this.greet(result.message);
    else this.filter.respond(503, "not greeted");
  }

  private greet(message: Bytes): void {
    const reader = new ProtobufReader(message);
    while (reader.next()) {
      if (reader.field == GREETING) this.filter.requestHeaders.set(utf8("x-greeting"), reader.bytes);
    }
    this.filter.resumeRequest();
  }
}
