import { proxy_close_stream, proxy_continue_stream } from "../abi/imports";
import { Action, BufferType, Peer, StreamType } from "../abi/types";
import { Callback, enter, leave, settle } from "../callbacks";
import { ContextKind } from "../contexts";
import { Bytes, utf8 } from "../bytes";
import { actAs, actAsBefore } from "../effective-context";
import { FilterStream } from "../filter-stream";
import { succeeded } from "../host-calls";
import { NetworkData } from "./data";
import { Refused, refuse } from "../refusals";
import { maySteer } from "../streams";

/** What of the client's side is held until the filter resumes it. */
enum Hold {
  Nothing,
  /** The connection as a whole: no filter behind this one knows of it yet. */
  Connection,
  Data,
}

/**
 * One connection of a client on its way through the plugin to the upstream. Filters extend `NetworkFilter`, which adds
 * their configuration; only the callbacks that a filter overrides are exported to the host.
 */
export class NetworkStream extends FilterStream {
  private knownDownstream: NetworkData | null = null;
  private knownUpstream: NetworkData | null = null;
  private held: Hold = Hold.Nothing;
  private isEndHeld: bool = false;
  /** `onNewConnection` or `onDownstreamData` runs. */
  private isShowing: bool = false;
  private isResumeAsked: bool = false;
  private isClosed: bool = false;

  constructor() {
    super(ContextKind.Connection);
  }

  /**
   * A client has connected, and the proxy has not yet to the upstream. To pause here holds the connection back until the
   * filter resumes or closes it, and it must do one of them: Envoy 1.40 reads nothing meanwhile, and does not notice
   * when the client leaves.
   */
  onNewConnection(): Action {
    return Action.Continue;
  }

  /**
   * Bytes have come from the client; with `endOfStream` it sends no more, and there may be none. To pause here holds them
   * back: the next callback shows them with what has come since, up to the listener's buffer limit, 1 MiB by default.
   */
  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    return Action.Continue;
  }

  /**
   * Bytes have come from the upstream, as in `onDownstreamData`. What is held here goes on with the next bytes only, for
   * no host call resumes it; the last ones, with `endOfStream`, cannot be held, and a pause is refused, which is logged
   * at error. When the upstream breaks off, what is held is lost.
   */
  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** The connection to the client is over, whoever ended it; nothing can be sent, changed, resumed or closed any more. */
  onDownstreamClose(peer: Peer): void {}

  /**
   * The upstream has sent all that it will send; in Envoy 1.40 `peer` is always unknown. Not called for one that breaks
   * off.
   */
  onUpstreamClose(peer: Peer): void {}

  /** What the client has sent and the filter is shown, or holds: empty when it is neither. */
  get downstreamData(): NetworkData {
    const known = this.knownDownstream;
    if (known !== null) return known;
    const data = new NetworkData(BufferType.NetworkDownstreamData, this);
    this.knownDownstream = data;
    return data;
  }

  /** What the upstream has sent and the filter is shown: empty outside of `onUpstreamData`. */
  get upstreamData(): NetworkData {
    const known = this.knownUpstream;
    if (known !== null) return known;
    const data = new NetworkData(BufferType.NetworkUpstreamData, this);
    this.knownUpstream = data;
    return data;
  }

  /** For the SDK: runs a callback of the ABI, as all that follows. The names leave the plain ones to filters. @internal */
  dispatchNewConnection(): Action {
    const interrupted = this.begin(Callback.NewConnection);
    this.isShowing = true;
    const action = this.heldAfter(this.onNewConnection(), Hold.Connection);
    leave(interrupted);
    return action;
  }

  /** For the SDK. @internal */
  dispatchDownstreamData(size: i32, endOfStream: bool): Action {
    const interrupted = this.begin(Callback.DownstreamData);
    this.downstreamData.hold(size);
    settle();
    this.isEndHeld = endOfStream;
    const action = this.held == Hold.Connection ? Action.Pause : this.showDownstreamData();
    leave(interrupted);
    return action;
  }

  /** For the SDK. @internal */
  dispatchUpstreamData(size: i32, endOfStream: bool): Action {
    const interrupted = this.begin(Callback.UpstreamData);
    const data = this.upstreamData;
    data.hold(size);
    settle();
    const asked = this.onUpstreamData(data, endOfStream);
    let action = asked == Action.Continue ? asked : Action.Pause;
    data.release();
    if (action != Action.Continue && endOfStream && !this.isAnswered) action = refusePause();
    leave(interrupted);
    return action;
  }

  /** For the SDK. @internal */
  dispatchDownstreamClose(peer: Peer): void {
    const interrupted = this.begin(Callback.DownstreamClose);
    this.isClosed = true;
    this.downstreamData.release();
    this.onDownstreamClose(peer);
    leave(interrupted);
  }

  /** For the SDK. @internal */
  dispatchUpstreamClose(peer: Peer): void {
    const interrupted = this.begin(Callback.UpstreamClose);
    this.onUpstreamClose(peer);
    leave(interrupted);
  }

  /** For the SDK: lets go on what a callback paused; see `NetworkFilter.resumeDownstream`. @internal */
  resume(): void {
    if (this.isShowing) this.isResumeAsked = true;
    else if (this.mayAct(Refused.ResumeDownstream, utf8("resumeDownstream"))) this.resumeHeld();
  }

  /** For the SDK: closes the connection; see `NetworkFilter.closeDownstream`. @internal */
  closeBy(type: StreamType, name: Bytes): Action {
    if (!this.mayAct(Refused.Close, name)) return Action.Pause;
    this.isAnswered = true;
    this.downstreamData.release();
    const before = actAs(this.contextId);
    succeeded(utf8("proxy_close_stream"), proxy_close_stream(type));
    actAsBefore(before);
    return Action.Pause;
  }

  private mayAct(call: Refused, name: Bytes): bool {
    return this.isClosed ? refuse(call, name, utf8("the connection is closed")) : maySteer(this, call, name);
  }

  private heldAfter(action: Action, hold: Hold): Action {
    this.held = action != Action.Continue && !this.isResumeAsked ? hold : Hold.Nothing;
    this.isResumeAsked = false;
    this.isShowing = false;
    return this.held == Hold.Nothing ? Action.Continue : Action.Pause;
  }

  private showDownstreamData(): Action {
    const data = this.downstreamData;
    this.isShowing = true;
    const action = this.heldAfter(this.onDownstreamData(data, this.isEndHeld), Hold.Data);
    if (action == Action.Continue || this.isAnswered) data.release();
    return action;
  }

  private resumeHeld(): void {
    const held = this.held;
    if (held == Hold.Nothing) {
      refuse(Refused.ResumeDownstream, utf8("resumeDownstream"), utf8("the connection is not paused"));
      return;
    }
    this.held = Hold.Nothing;
    const before = actAs(this.contextId);
    const goesOn = held == Hold.Data || this.showWithheld() == Action.Continue;
    if (goesOn && !this.isAnswered) this.goOn();
    actAsBefore(before);
  }

  /** Another last filter than `tcp_proxy` lets bytes come while the connection is held: the filter has not seen them. */
  private showWithheld(): Action {
    if (this.downstreamData.size == 0 && !this.isEndHeld) return Action.Continue;
    const interrupted = enter(Callback.DownstreamData);
    const action = this.showDownstreamData();
    leave(interrupted);
    return action;
  }

  private goOn(): void {
    this.downstreamData.release();
    succeeded(utf8("proxy_continue_stream"), proxy_continue_stream(StreamType.Downstream));
  }
}

/** Envoy 1.40 has no way to resume the upstream's direction: a connection whose end was held would never end. */
function refusePause(): Action {
  refuse(
    Refused.PauseUpstream,
    utf8("a pause"),
    utf8("nothing could resume the last of the upstream's data, which goes on"),
  );
  return Action.Continue;
}
