import { Action } from "../abi/types";
import { BasicPlugin } from "../plugin/basic-plugin";
import { Bytes } from "../bytes";
import { BasicConfiguration, Configuration, NoConfiguration } from "../plugin/configuration";
import { GrpcCall, sendGrpcCall } from "../grpc/calls";
import { GrpcRequest } from "../grpc/request";
import { beginGrpcStream, GrpcStream } from "../grpc/streams";
import { RequestHeaders, ResponseHeaders } from "../http-fields";
import { HttpCallRequest } from "../http-calls/request";
import { HttpCall, sendHttpCall } from "../http-calls";
import { HttpStream } from "./stream";
import { OverLimit } from "./message-flow";
import { RouteConfig } from "../plugin/route-config";
import { closeStream, ReplyOptions, sendLocalReply } from "../streams";
import { Timer } from "../timers";

/**
 * What an HTTP filter extends: one object for each stream, made when the stream begins. `C` is the class of the
 * plugin's configuration, which extends `Configuration` or `PluginConfiguration`, and `P` that of what all streams of the
 * plugin share, which extends `Plugin<C>`; a filter that has none leaves it out. Source: proxy-wasm ABI 0.2.1, "Context
 * lifecycle" and the `proxy_on_…` callbacks of HTTP streams.
 *
 * @category Filters
 */
export abstract class HttpFilter<
  C extends BasicConfiguration = NoConfiguration,
  P extends BasicPlugin = BasicPlugin,
> extends HttpStream {
  /** The plugin's configuration. Valid in every callback, and in the filter's constructor. */
  get config(): C {
    return changetype<C>(this.basicPlugin.configuration);
  }

  /** What all streams of the plugin share. Valid in every callback, and in the filter's constructor. */
  get plugin(): P {
    return changetype<P>(this.basicPlugin);
  }

  /**
   * Answers the stream from here; the upstream is not reached, or its response is dropped. Returns the action that the
   * callback is to return. `details` is the reason code that Envoy shows as `response.code_details`, with `_` for
   * blanks. A status outside of 200 to 599 is logged at error and sent as 500. Valid in every callback, those of timers
   * and callouts included, while the stream lives; refused, which is logged at error, in the constructor, in the stream's
   * own `onLog` and `onDone`, in a callback for another stream's message, which Envoy would hold, and the second time: the
   * answer that was given, which the filter is shown as any response, goes on then. Once the response's headers have gone
   * on, from `onResponseBody` on, the stream is reset.
   */
  respond(status: i32, details: string, options: ReplyOptions | null = null): Action {
    return sendLocalReply(this, status, Bytes.fromString(details), options);
  }

  /**
   * Resets the stream: the client gets no response, or no more of it. Returns and is refused as `respond` is, but valid in
   * the callbacks of other streams.
   */
  close(): Action {
    return closeStream(this);
  }

  /**
   * Lets the request go on that a callback paused; in the callback itself it undoes the pause. Refused, which is logged at
   * error, when the request is not paused or the stream is over.
   */
  resumeRequest(): void {
    this.requestFlow.resume();
  }

  /** Lets the response go on that a callback paused, as `resumeRequest` does. */
  resumeResponse(): void {
    this.responseFlow.resume();
  }

  /**
   * Asks a service; `handler.onResult` has the answer, or why there is none. Valid in every callback while the stream
   * lives, and in the constructor; a stream that is to wait for the answer is paused, and resumed or answered by the
   * handler. In the stream's `onLog` and `onDone` it is sent all the same, but nobody is told of an answer.
   */
  call(request: HttpCallRequest, handler: HttpCall): void {
    sendHttpCall(this, request, handler);
  }

  /**
   * Calls a method of a gRPC service; `handler.onResult` has the answer, or why there is none. Valid in every callback
   * while the stream lives, and in the constructor; refused, which is logged at error, in the stream's own `onLog` and
   * `onDone`, for a call that is open when the stream ends is cancelled.
   */
  callGrpc(request: GrpcRequest, handler: GrpcCall): void {
    sendGrpcCall(this, request, handler);
  }

  /**
   * Opens a stream to a method of a gRPC service, by which the handler sends and receives messages; false when it could not
   * be opened. Valid and refused as `callGrpc` is, and cancelled as its calls are.
   */
  openGrpcStream(request: GrpcRequest, handler: GrpcStream): bool {
    return beginGrpcStream(this, request, handler);
  }

  /**
   * Lets a timer of the stream happen once, so many milliseconds from now and at least 1; a stream that is to wait for it
   * is paused, and resumed or answered by the timer. It happens in the stream, and never once the stream is over; until
   * its time it is kept, unless `onDone` cancels it. A timer that is set already is set anew. Valid in every callback
   * while the stream lives, and in the constructor.
   */
  after(delayMs: u32, timer: Timer): void {
    this.basicPlugin.timers.set(timer, this, delayMs, 0);
  }

  /** Lets a timer of the stream happen every so many milliseconds, at least 1, as `after` and as `every` of a plugin. */
  every(periodMs: u32, timer: Timer): void {
    this.basicPlugin.timers.set(timer, this, periodMs, max<u32>(periodMs, 1));
  }

  /**
   * Announces that `onRequestBody` will change the size of the body: `content-length` is removed, and the body is sent in
   * chunks. Only in `onRequestHeaders`.
   */
  rewriteRequestBody(): void {
    this.requestFlow.planRewrite();
  }

  /** Announces that `onResponseBody` will change the size of the body, as for the request. Only in `onResponseHeaders`. */
  rewriteResponseBody(): void {
    this.responseFlow.planRewrite();
  }

  /**
   * Announces that `onResponseBody` will take bytes from the body's end though `content-length` promises them, which
   * stays as it is: what clients make of that is for tests of theirs to see. Only in `onResponseHeaders`.
   */
  cutResponseBody(): void {
    this.responseFlow.planCut();
  }

  /**
   * Holds the request until all of it is there, then calls `onWholeRequestBody`, which may change it: `content-length`
   * is kept right. A body of more than `limitBytes` is refused with 413, or passed on unseen. Only in `onRequestHeaders`.
   * Envoy itself refuses what is larger than the listener's `per_connection_buffer_limit_bytes`, 1 MiB by default. Envoy's
   * configuration of the plugin must have `allow_on_headers_stop_iteration: true`: without it no body would come.
   */
  bufferRequestBody(limitBytes: i32, overLimit: OverLimit = OverLimit.Refuse): void {
    this.requestFlow.planWhole(limitBytes, overLimit);
  }

  /**
   * Holds the response until all of it is there, then calls `onWholeResponseBody`, as for the request; a body of more
   * than `limitBytes` is replaced by a 502, or passed on unseen. Only in `onResponseHeaders`.
   */
  bufferResponseBody(limitBytes: i32, overLimit: OverLimit = OverLimit.Refuse): void {
    this.responseFlow.planWhole(limitBytes, overLimit);
  }

  /**
   * The request's headers; valid until they have gone on, in the callbacks of this stream and of its callouts and timers.
   * Whoever else calls, as a timer of the plugin or another stream, is shown its own headers, if it has any.
   */
  get requestHeaders(): RequestHeaders {
    return new RequestHeaders();
  }

  /** The response's headers; valid from `onResponseHeaders` on until they have gone on, otherwise as the request's. */
  get responseHeaders(): ResponseHeaders {
    return new ResponseHeaders();
  }

  /**
   * The settings that the request's route has for this filter, else those of its virtual host: Envoy has no
   * configuration per route for Wasm, so they stand in `metadata.filter_metadata` under the filter's name, that of
   * `@httpFilter`. Null when neither has any. Settings that are refused say why; a filter in doubt refuses the request.
   * They are decoded once, not for each request. Valid from the request's headers on.
   */
  routeConfig<T extends Configuration>(): RouteConfig<T> | null {
    const plugin = this.basicPlugin;
    return plugin.routeConfigs.find<T>(plugin.filterName);
  }

  /** For the SDK: a fresh configuration of the class that the filter names. @internal */
  makeConfiguration(): BasicConfiguration {
    return instantiate<C>();
  }

  /** For the SDK: a fresh plugin of the class that the filter names. @internal */
  makePlugin(): BasicPlugin {
    return instantiate<P>();
  }
}

/**
 * Decorates the class that serves a plugin: `@httpFilter("root id")`. A module with one filter serves any
 * `root_id`, a module with several serves the plugins whose `root_id` they name. It is the SDK's transform that acts
 * on it.
 *
 * @category Filters
 */
export function httpFilter(rootId: string): void {
  ERROR(
    "@httpFilter is no function to call: write it before a class, and let asconfig.json extend as-proxy-wasm/asconfig.json",
  );
}
