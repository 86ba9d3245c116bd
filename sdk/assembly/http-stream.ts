import { Action } from "./abi/types";
import { Callback, enter, leave } from "./callbacks";
import { NoConfiguration, PluginConfiguration } from "./configuration";
import { Context } from "./contexts";
import { RequestHeaders, RequestTrailers, ResponseHeaders, ResponseTrailers } from "./http-fields";

// One object serves all streams: it keeps nothing beyond the callback that it is given to.
// @ts-ignore: decorator
@lazy
const requestHeaders = new RequestHeaders();
// @ts-ignore: decorator
@lazy
const requestTrailers = new RequestTrailers();
// @ts-ignore: decorator
@lazy
const responseHeaders = new ResponseHeaders();
// @ts-ignore: decorator
@lazy
const responseTrailers = new ResponseTrailers();

const UNCONFIGURED: PluginConfiguration = new NoConfiguration();

/**
 * One HTTP request and its response on their way through the plugin. Filters extend `HttpFilter`, which adds their
 * configuration; only the callbacks that a filter overrides are exported to the host.
 */
export class HttpStream extends Context {
  /** For the SDK: the configuration of the plugin that the stream runs through. */
  configuration: PluginConfiguration = UNCONFIGURED;

  /** The request's headers are there; `endOfStream` when neither body nor trailers follow. */
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** `size` bytes of the request's body are there: all that is buffered after a pause, else this chunk. */
  onRequestBody(size: i32, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** The request's trailers are there; nothing follows. */
  onRequestTrailers(trailers: RequestTrailers): Action {
    return Action.Continue;
  }

  /** The response's headers are there, of the upstream or of a local reply. */
  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** `size` bytes of the response's body are there: all that is buffered after a pause, else this chunk. */
  onResponseBody(size: i32, endOfStream: bool): Action {
    return Action.Continue;
  }

  /** The response's trailers are there; nothing follows. */
  onResponseTrailers(trailers: ResponseTrailers): Action {
    return Action.Continue;
  }

  /** The stream is over and the access log is written. In Envoy this comes before `onDone`. */
  onLog(): void {}

  /** The stream is over; the last callback. */
  onDone(): void {}

  /** For the SDK: a fresh configuration of the class that the filter names. */
  makeConfiguration(): PluginConfiguration {
    return new NoConfiguration();
  }

  /** For the SDK, as all that follows: runs a callback of the ABI. The names leave the plain ones to filters. */
  dispatchRequestHeaders(endOfStream: bool): Action {
    const interrupted = enter(Callback.RequestHeaders);
    const action = this.onRequestHeaders(requestHeaders, endOfStream);
    leave(interrupted);
    return action;
  }

  dispatchRequestBody(size: i32, endOfStream: bool): Action {
    const interrupted = enter(Callback.RequestBody);
    const action = this.onRequestBody(size, endOfStream);
    leave(interrupted);
    return action;
  }

  dispatchRequestTrailers(): Action {
    const interrupted = enter(Callback.RequestTrailers);
    const action = this.onRequestTrailers(requestTrailers);
    leave(interrupted);
    return action;
  }

  dispatchResponseHeaders(endOfStream: bool): Action {
    const interrupted = enter(Callback.ResponseHeaders);
    const action = this.onResponseHeaders(responseHeaders, endOfStream);
    leave(interrupted);
    return action;
  }

  dispatchResponseBody(size: i32, endOfStream: bool): Action {
    const interrupted = enter(Callback.ResponseBody);
    const action = this.onResponseBody(size, endOfStream);
    leave(interrupted);
    return action;
  }

  dispatchResponseTrailers(): Action {
    const interrupted = enter(Callback.ResponseTrailers);
    const action = this.onResponseTrailers(responseTrailers);
    leave(interrupted);
    return action;
  }

  dispatchLog(): void {
    const interrupted = enter(Callback.Log);
    this.onLog();
    leave(interrupted);
  }

  dispatchDone(): void {
    const interrupted = enter(Callback.Done);
    this.onDone();
    leave(interrupted);
  }
}
