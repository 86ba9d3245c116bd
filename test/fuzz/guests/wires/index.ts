import {
  Action,
  Bytes,
  getProperty,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  log,
  NetworkData,
  NetworkFilter,
  networkFilter,
  NoConfiguration,
  Peer,
  Plugin,
  RequestHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";
import { Script } from "../told/script";

enum WireOp {
  Size,
  Read,
  Replace,
  Append,
  Prepend,
  ReplaceEach,
  Drain,
  Resume,
  CloseDownstream,
  CloseUpstream,
  Call,
}

/** Does in each callback of a connection what the property `script` tells it, and reports at info what came of it. */
@networkFilter("wires")
export class Wires extends NetworkFilter<NoConfiguration, WiresPlugin> {
  onNewConnection(): Action {
    return this.act();
  }

  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    return this.act();
  }

  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    return this.act();
  }

  onDownstreamClose(peer: Peer): void {
    this.act();
  }

  onUpstreamClose(peer: Peer): void {
    this.act();
  }

  onLog(): void {
    this.act();
  }

  onDone(): void {
    this.act();
  }

  act(): Action {
    const text = getProperty(utf8("script"));
    if (text === null) return Action.Continue;
    const script = new Script(text);
    const isToPause = script.flag();
    this.plugin.latest = this;
    while (script.next()) runWireOp(script, this);
    return isToPause ? Action.Pause : Action.Continue;
  }
}

/** Acts by a timer, too, on the connection whose callback ran last, be it over or not. */
export class WiresPlugin extends Plugin {
  latest: Wires | null = null;

  onConfigured(): void {
    this.every(1, new Now(this));
  }
}

class Now extends Timer {
  constructor(private readonly plugin: WiresPlugin) {
    super();
  }

  onTime(): void {
    const latest = this.plugin.latest;
    if (latest !== null) latest.act();
  }
}

class Answer extends HttpCall {
  constructor(private readonly wires: Wires) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.wires.act();
  }
}

function runWireOp(script: Script, wires: Wires): void {
  const op = script.code();
  const data = script.flag() ? wires.upstreamData : wires.downstreamData;
  switch (op) {
    case WireOp.Size:
      return script.sayNumber(data.size);
    case WireOp.Read:
      return script.say(data.read(script.int(), script.int()));
    case WireOp.Replace:
      return script.sayFlag(data.replace(script.bytes()));
    case WireOp.Append:
      return script.sayFlag(data.append(script.bytes()));
    case WireOp.Prepend:
      return script.sayFlag(data.prepend(script.bytes()));
    case WireOp.ReplaceEach:
      return script.sayNumber(data.replaceEach(script.bytes(), script.bytes()));
    case WireOp.Drain:
      return script.sayFlag(data.drain(script.int()));
    case WireOp.Resume:
      return wires.resumeDownstream();
    case WireOp.CloseDownstream:
      wires.closeDownstream();
      return;
    case WireOp.CloseUpstream:
      wires.closeUpstream();
      return;
    default:
      return wires.call(requestTo(script.bytes()), new Answer(wires));
  }
}

function requestTo(cluster: Bytes): HttpCallRequest {
  return new HttpCallRequest(cluster, utf8("/"));
}

/** For the HTTP filters of a listener, where the other does not belong. */
@httpFilter("web")
export class Web extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    log.info("web");
    return Action.Continue;
  }
}
