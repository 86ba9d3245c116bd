import {
  Action,
  Bytes,
  GrpcCall,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  log,
  NoConfiguration,
  Plugin,
  RequestHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";

let first: First | null = null;
let second: Second | null = null;

/** What the first plugin has open, from its own callback on. */
class Owner extends Plugin {
  readonly asked: Answer = new Answer();
  readonly talk: Talk = new Talk();

  /** Makes what the second plugin is to give up or to go on with. */
  begin(what: Bytes): void {
    if (what.equals(utf8("cancel_grpc"))) this.callGrpc(ask("Ask"), this.asked);
    else if (what.equals(utf8("send_grpc"))) this.openGrpcStream(ask("Talk"), this.talk);
  }
}


@httpFilter("first")
export class First extends HttpFilter<NoConfiguration, Owner> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    first = this;
    this.plugin.begin(wish(headers));
    return Action.Continue;
  }
}

/** Acts for the first plugin, or for its stream, in a callback of its own, as `x-do` says. */
@httpFilter("second")
export class Second extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const other = first;
    if (other === null) return this.respond(500, "no first");
    second = this;
    return this.actFor(other, wish(headers)) ? Action.Pause : Action.Continue;
  }

  /** Does something for a stream of the first plugin; whether the request has to wait for what follows. */
  private actFor(other: First, what: Bytes): bool {
    const owner = other.plugin;
    const request = new HttpCallRequest(utf8("service"), utf8("/"));
    if (what.equals(utf8("timer"))) owner.after(5, new Later());
    else if (what.equals(utf8("stream_timer"))) other.after(5, new Later());
    else if (what.equals(utf8("cancel_timer"))) this.cancelFor(owner);
    else if (what.equals(utf8("call"))) owner.call(request, new Answered());
    else if (what.equals(utf8("stream_call"))) other.call(request, new Answered());
    else if (what.equals(utf8("grpc"))) owner.callGrpc(ask("Ask"), new Answer());
    else if (what.equals(utf8("stream_grpc"))) other.callGrpc(ask("Ask"), new Answer());
    else if (what.equals(utf8("send_grpc"))) owner.talk.send(utf8("ping"), true);
    else {
      if (what.equals(utf8("cancel_grpc"))) owner.asked.cancel();
      return false;
    }
    return true;
  }

  /** Takes a timer of another plugin back; its own one is to happen. */
  private cancelFor(owner: Owner): void {
    this.plugin.after(5, new Later());
    const early = new Later();
    owner.after(1, early);
    early.cancel();
  }
}

/** Lets the request that waits go on. */
function goOn(): void {
  const waiting = second;
  if (waiting !== null) waiting.resumeRequest();
}

class Later extends Timer {
  onTime(): void {
    log.info("its time");
    goOn();
  }
}

class Answered extends HttpCall {
  onResult(result: HttpCallResult): void {
    log.info("answered: " + result.readBody().toString());
    goOn();
  }
}

class Answer extends GrpcCall {
  onResult(result: GrpcResult): void {
    log.info("answered: " + result.message.toString());
    goOn();
  }
}

class Talk extends GrpcStream {
  onMessage(message: Bytes): void {
    log.info("answered: " + message.toString());
  }

  onClosed(result: GrpcResult): void {
    goOn();
  }
}

function ask(method: string): GrpcRequest {
  return new GrpcRequest(utf8("greeter"), utf8("pkg.Greeter"), Bytes.fromString(method));
}

function wish(headers: RequestHeaders): Bytes {
  const wished = headers.get(utf8("x-do"));
  return wished === null ? Bytes.EMPTY : wished;
}
