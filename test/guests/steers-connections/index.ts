import {
  Action,
  Configuration,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  JsonArray,
  JsonObject,
  log,
  NetworkData,
  NetworkFilter,
  networkFilter,
  Peer,
  Plugin,
  Timer,
  utf8,
} from "as-proxy-wasm";

const CALLBACKS = [
  "new_connection",
  "downstream_data",
  "upstream_data",
  "downstream_close",
  "upstream_close",
  "done",
  "log",
];
const CALLS = [
  "resume",
  "close_downstream",
  "close_upstream",
  "read_downstream",
  "write_downstream",
  "read_upstream",
  "write_upstream",
];
const MOMENTS = ["at_once", "after_callout", "after_timer"];

enum In {
  NewConnection,
  DownstreamData,
  UpstreamData,
  DownstreamClose,
  UpstreamClose,
  Done,
  Log,
}

enum Do {
  Resume,
  CloseDownstream,
  CloseUpstream,
  ReadDownstream,
  WriteDownstream,
  ReadUpstream,
  WriteUpstream,
}

enum When {
  AtOnce,
  AfterCallout,
  AfterTimer,
}

/** `{ "in", "do", "pause", "when" }` */
class SteerConfiguration extends Configuration {
  where: i32 = 0;
  /** `"do"`: the calls, in their order. */
  readonly calls: i32[] = [];
  /** The callback returns Pause. */
  isPausing: bool = false;
  /** Whether the calls wait for the service, or for a timer of 10 ms. */
  moment: i32 = 0;

  read(json: JsonObject): void {
    this.where = json.oneOf("in", CALLBACKS);
    this.readCalls(json.array("do"));
    this.isPausing = json.booleanOr("pause", false);
    this.moment = json.oneOfOr("when", MOMENTS, 0);
  }

  private readCalls(json: JsonArray): void {
    for (let i = 0; i < json.length; i++) this.calls.push(CALLS.indexOf(json.string(i)));
  }
}

class SteerPlugin extends Plugin<SteerConfiguration> {}

/** Makes calls that steer the connection or touch its data, in the callback that its configuration names; in those for data when there is some. */
@networkFilter("steers-connections")
export class SteersConnections extends NetworkFilter<SteerConfiguration, SteerPlugin> {
  onNewConnection(): Action {
    return this.steerIn(In.NewConnection);
  }

  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    log.info("downstream " + data.size.toString() + (endOfStream ? ", the end" : ""));
    return data.size == 0 ? Action.Continue : this.steerIn(In.DownstreamData);
  }

  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    log.info("upstream " + data.size.toString() + (endOfStream ? ", the end" : ""));
    return data.size == 0 ? Action.Continue : this.steerIn(In.UpstreamData);
  }

  onDownstreamClose(peer: Peer): void {
    this.steerIn(In.DownstreamClose);
  }

  onUpstreamClose(peer: Peer): void {
    this.steerIn(In.UpstreamClose);
  }

  onDone(): void {
    this.steerIn(In.Done);
  }

  onLog(): void {
    this.steerIn(In.Log);
  }

  steer(): void {
    for (let i = 0; i < this.config.calls.length; i++) this.make(this.config.calls[i]);
  }

  private make(call: Do): void {
    if (call == Do.Resume) this.resumeDownstream();
    if (call == Do.CloseDownstream) this.closeDownstream();
    if (call == Do.CloseUpstream) this.closeUpstream();
    if (call == Do.ReadDownstream) log.info('it reads "' + this.downstreamData.read().toString() + '"');
    if (call == Do.WriteDownstream) this.downstreamData.append(utf8("!"));
    if (call == Do.ReadUpstream) log.info('it reads "' + this.upstreamData.read().toString() + '"');
    if (call == Do.WriteUpstream) this.upstreamData.append(utf8("!"));
  }

  private steerIn(where: In): Action {
    if (this.config.where != where) return Action.Continue;
    if (this.config.moment == When.AtOnce) this.steer();
    if (this.config.moment == When.AfterCallout)
      this.call(new HttpCallRequest(utf8("service"), utf8("/")), new AfterCallout(this));
    if (this.config.moment == When.AfterTimer) this.plugin.after(10, new AfterTimer(this));
    return this.config.isPausing ? Action.Pause : Action.Continue;
  }
}

class AfterCallout extends HttpCall {
  constructor(private readonly filter: SteersConnections) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.steer();
  }
}

class AfterTimer extends Timer {
  constructor(private readonly filter: SteersConnections) {
    super();
  }

  onTime(): void {
    this.filter.steer();
  }
}
