import { Action, HeadersVerdict } from "../abi/types";
import { Body } from "./body";
import { Callback, leave } from "../callbacks";
import { ContextKind } from "../contexts";
import { FilterStream } from "../filter-stream";
import { RequestHeaders, RequestTrailers, ResponseHeaders, ResponseTrailers } from "../http-fields";
import { HeadersPlan, verdictOf } from "./headers-plan";
import { MessageFlow } from "./message-flow";
import { RequestFlow, ResponseFlow } from "./message-flows";
import { immortal } from "../runtime/objects";

// One object serves all streams: it keeps nothing beyond the callback that it is given to.
// @ts-ignore: decorator
@lazy
const requestHeaders: usize = immortal(new RequestHeaders());
// @ts-ignore: decorator
@lazy
const responseHeaders: usize = immortal(new ResponseHeaders());

/**
 * One HTTP request and its response on their way through the plugin. Filters extend `HttpFilter`, which adds their
 * configuration; only the callbacks that a filter overrides are exported to the host.
 */
export class HttpStream extends FilterStream {
  private requestPlan: HeadersPlan | null = null;
  private responsePlan: HeadersPlan | null = null;
  private isRequestPaused: bool = false;
  private isResponsePaused: bool = false;

  constructor() {
    super(ContextKind.HttpStream);
  }

  /** The request's headers are there; `endOfStream` when neither body nor trailers follow. */
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return Action.Continue;
  }

  /**
   * A piece of the request's body is there; the last one, with `endOfStream`, may have no bytes, and does not come where
   * trailers follow. To pause here holds the piece back; the next callback then shows it with what has come since.
   */
  onRequestBody(body: Body, endOfStream: bool): Action {
    return Action.Continue;
  }

  /**
   * The request is there as a whole, and held: headers, body and trailers. Called once when the filter asked for it by
   * `bufferRequestBody`, with an empty body for a request that has none. The headers are `requestHeaders`.
   */
  onWholeRequestBody(body: Body): Action {
    return Action.Continue;
  }

  /** The request's trailers are there; nothing follows. */
  onRequestTrailers(trailers: RequestTrailers): Action {
    return Action.Continue;
  }

  /**
   * A map of HTTP/2's METADATA with so many entries came with the request, at any time behind the headers. Envoy lets no
   * filter read it, and it goes on whatever the filter does. Needs `allow_metadata` in Envoy's HTTP/2 options.
   */
  onRequestMetadata(count: i32): void {}

  /** The response's headers are there, of the upstream or of a local reply. */
  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** A piece of the response's body is there, as in `onRequestBody`. */
  onResponseBody(body: Body, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** The response is there as a whole, and held, as in `onWholeRequestBody`; after `bufferResponseBody`. */
  onWholeResponseBody(body: Body): Action {
    return Action.Continue;
  }

  /** The response's trailers are there; nothing follows. */
  onResponseTrailers(trailers: ResponseTrailers): Action {
    return Action.Continue;
  }

  /** A map of HTTP/2's METADATA came with the response, as in `onRequestMetadata`. */
  onResponseMetadata(count: i32): void {}

  /** For the SDK: whether a filter holds the request, so that it has not gone to its route. @internal */
  get isRequestHeld(): bool {
    return this.requestPlan === null ? this.isRequestPaused : this.requestFlow.isHeld;
  }

  /**
   * For the SDK, as all that follows: how the request gets through the filter, once it is more than headers.
   *
   * @internal
   */
  get requestFlow(): MessageFlow {
    const known = this.requestPlan;
    if (known !== null) return changetype<MessageFlow>(known);
    const flow = new RequestFlow(this, this.isRequestPaused);
    this.requestPlan = flow;
    return flow;
  }

  /** For the SDK. @internal */
  get responseFlow(): MessageFlow {
    const known = this.responsePlan;
    if (known !== null) return changetype<MessageFlow>(known);
    const flow = new ResponseFlow(this, this.isResponsePaused);
    this.responsePlan = flow;
    return flow;
  }

  /** For the SDK: runs a callback of the ABI, as all that follows. The names leave the plain ones to filters. @internal */
  dispatchRequestHeaders(endOfStream: bool): HeadersVerdict {
    const interrupted = this.begin(Callback.RequestHeaders);
    const action = this.onRequestHeaders(changetype<RequestHeaders>(requestHeaders), endOfStream);
    this.isRequestPaused = action != Action.Continue;
    const verdict = verdictOf(action, endOfStream, this.requestPlan);
    leave(interrupted);
    return verdict;
  }

  /** For the SDK. @internal */
  dispatchRequestBody(size: i32, endOfStream: bool): Action {
    const interrupted = this.begin(Callback.RequestBody);
    const action = this.requestFlow.showBody(size, endOfStream);
    leave(interrupted);
    return action;
  }

  /** For the SDK. @internal */
  dispatchRequestTrailers(): Action {
    const interrupted = this.begin(Callback.RequestTrailers);
    const action = this.requestFlow.showTrailers();
    leave(interrupted);
    return action;
  }

  /** For the SDK. @internal */
  dispatchResponseHeaders(endOfStream: bool): HeadersVerdict {
    const interrupted = this.beginResponse(Callback.ResponseHeaders);
    const action = this.onResponseHeaders(changetype<ResponseHeaders>(responseHeaders), endOfStream);
    this.isResponsePaused = action != Action.Continue;
    const verdict = verdictOf(action, endOfStream, this.responsePlan);
    leave(interrupted);
    return verdict;
  }

  /** For the SDK. @internal */
  dispatchResponseBody(size: i32, endOfStream: bool): Action {
    const interrupted = this.beginResponse(Callback.ResponseBody);
    const action = this.responseFlow.showBody(size, endOfStream);
    leave(interrupted);
    return action;
  }

  /** For the SDK. Envoy 1.40 dies of a stream that was closed here and goes on all the same. @internal */
  dispatchResponseTrailers(): Action {
    const interrupted = this.beginResponse(Callback.ResponseTrailers);
    const action = this.responseFlow.showTrailers();
    leave(interrupted);
    return this.isReset ? Action.Pause : action;
  }

  /** For the SDK. @internal */
  dispatchRequestMetadata(count: i32): void {
    const interrupted = this.begin(Callback.RequestMetadata);
    this.onRequestMetadata(count);
    leave(interrupted);
  }

  /** For the SDK. @internal */
  dispatchResponseMetadata(count: i32): void {
    const interrupted = this.begin(Callback.ResponseMetadata);
    this.onResponseMetadata(count);
    leave(interrupted);
  }

  /** What the filter has answered before is what it is shown now. */
  private beginResponse(callback: Callback): Callback {
    this.isAnswerShown = this.isAnswered && !this.isReset;
    return this.begin(callback);
  }
}
