import {
  Action,
  Bytes,
  Configuration,
  GrpcCall,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  HttpFields,
  HttpFilter,
  httpFilter,
  JsonArray,
  JsonObject,
  log,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";

/** When something may be done, by its name in the configuration. */
const WHEN = [
  "request",
  "initial_metadata",
  "message",
  "trailing_metadata",
  "closed",
  "response",
  "log",
  "done",
];

enum When {
  Request,
  InitialMetadata,
  Message,
  TrailingMetadata,
  Closed,
  Response,
  Log,
  Done,
}

/** `{ "cluster", "pause", "grpc_service" }`, and what is done by when: `{ "message": ["send", "close"] }` */
class TalkConfiguration extends Configuration {
  cluster: Bytes = Bytes.EMPTY;
  /** The request is held until `resume` or `respond`. */
  isPausing: bool = false;
  /** The GrpcService is given as these bytes. */
  grpcService: string = "";
  /** What is done, in its order, by when. */
  readonly actions: string[][] = [];

  read(json: JsonObject): void {
    this.cluster = json.bytesOr("cluster", utf8("greeter"));
    this.isPausing = json.booleanOr("pause", true);
    this.grpcService = json.stringOr("grpc_service", "");
    for (let i = 0; i < WHEN.length; i++) this.actions.push(texts(json.arrayOrEmpty(WHEN[i])));
  }
}

function texts(json: JsonArray): string[] {
  const all: string[] = [];
  for (let i = 0; i < json.length; i++) all.push(json.string(i));
  return all;
}

/** Talks to a service as its configuration says, and logs what it is told. */
@httpFilter("streams-grpc")
export class StreamsGrpc extends HttpFilter<TalkConfiguration> {
  private readonly talk: Talk = new Talk();

  constructor() {
    super();
    this.talk.filter = this;
  }

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.perform(When.Request);
    return this.config.isPausing ? Action.Pause : Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.perform(When.Response);
    return Action.Continue;
  }

  onLog(): void {
    this.perform(When.Log);
  }

  onDone(): void {
    this.perform(When.Done);
  }

  perform(when: When): void {
    const actions = this.config.actions[when];
    for (let i = 0; i < actions.length; i++) this.act(actions[i]);
  }

  private act(action: string): void {
    if (action == "open") log.info("open: " + this.openGrpcStream(this.request(), this.talk).toString());
    else if (action == "call") this.callGrpc(this.request(), new Call());
    else if (action == "send") log.info("send: " + this.talk.send(utf8("ping")).toString());
    else if (action == "send empty") this.talk.send(Bytes.EMPTY);
    else if (action == "send last") this.talk.send(utf8("last"), true);
    else if (action == "close") this.talk.close();
    else if (action == "cancel") this.talk.cancel();
    else if (action == "resume") this.resumeRequest();
    else if (action == "respond") this.respond(418, "talked");
  }

  private request(): GrpcRequest {
    const request = new GrpcRequest(this.config.cluster, utf8("pkg.Greeter"), utf8("Chat"));
    request.addMetadata(utf8("x-asked-by"), utf8("streams-grpc"));
    if (this.config.grpcService == "none") request.grpcService = Bytes.EMPTY;
    else if (this.config.grpcService.length > 0) {
      request.grpcService = Bytes.fromString(this.config.grpcService);
    }
    return request;
  }
}

class Talk extends GrpcStream {
  filter: StreamsGrpc | null = null;

  onInitialMetadata(metadata: HttpFields): void {
    say("initial metadata", metadata);
    this.perform(When.InitialMetadata);
  }

  onMessage(message: Bytes): void {
    log.info("message: " + message.toString());
    this.perform(When.Message);
  }

  onTrailingMetadata(metadata: HttpFields): void {
    say("trailing metadata", metadata);
    this.perform(When.TrailingMetadata);
  }

  onClosed(result: GrpcResult): void {
    log.info("closed: " + describe(result));
    this.perform(When.Closed);
  }

  private perform(when: When): void {
    const filter = this.filter;
    if (filter !== null) filter.perform(when);
  }
}

class Call extends GrpcCall {
  onResult(result: GrpcResult): void {
    log.info("result: " + describe(result));
  }
}

function say(what: string, metadata: HttpFields): void {
  let text = what + ":";
  for (let i = 0; i < metadata.size; i++) {
    if (metadata.nameAt(i).equals(utf8("x-envoy-upstream-service-time"))) continue;
    text += " " + metadata.nameAt(i).toString() + "=" + metadata.valueAt(i).toString();
  }
  log.info(text);
}

function describe(result: GrpcResult): string {
  const text = result.statusMessage.toString();
  return "outcome " + result.outcome.toString() + ", status " + result.status.toString() + ", " + text;
}
