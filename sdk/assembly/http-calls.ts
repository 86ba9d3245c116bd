import { proxy_http_call } from "./abi/imports";
import { resultNumber, resultSlot } from "./abi/memory";
import { Callback, leave } from "./callbacks";
import { Context, findContext } from "./contexts";
import { actAs, actAsBefore, actFor, actorOf, enterPlugin } from "./effective-context";
import { succeeded } from "./host-calls";
import { HttpCallRequest } from "./http-calls/request";
import { HttpCallResult } from "./http-calls/result";
import { Refused, refuse } from "./refusals";
import { afterUnsent, mayTellUnsent } from "./refusals/unsent";
import { utf8 } from "./bytes";

/**
 * What is to be done with the answer to an HTTP callout. Extend it with what `onResult` needs as fields, the filter among
 * them, and hand it to `call` of the filter, or of the plugin; one object serves one call at a time, and may be handed over
 * again when its result has come, in `onResult` too. The result is given to whoever's `call` it was. Source: proxy-wasm
 * ABI 0.2.1, `proxy_http_call` and `proxy_on_http_call_response`.
 *
 * @category HTTP callouts
 */
export abstract class HttpCall {
  /** For the SDK, as all fields: the stream that asked; null when it was the plugin. @internal */
  stream: Context | null = null;
  /** The number of the host's that the answer awaited will have; 0 while there is none. @internal */
  token: u32 = 0;

  /**
   * The answer is there, or it is clear that none will come. Runs in the stream that asked, which may be answered,
   * resumed and changed here as far as it is still held, and never once that stream is over; for a call of the plugin in
   * the plugin, with no stream, as a timer of the plugin does. A call that could not be sent at all has its result before
   * `call` returns.
   */
  abstract onResult(result: HttpCallResult): void;

  /**
   * Takes back the wish to know: `onResult` is not called for this call any more, and the object may serve another at
   * once. Nothing happens when no answer is awaited. The host does not end the request itself.
   */
  cancel(): void {
    if (!this.isWaiting) return;
    take(this.token);
    this.stream = null;
    this.token = 0;
  }

  /** Whether an answer is awaited. */
  get isWaiting(): bool {
    return this.token != 0;
  }
}

/** The calls without an answer, by the host's numbers: each leaves when its answer or its timeout is there, or by `cancel`. */
let pending: Map<u32, HttpCall> | null = null;

/** Sends a callout for a stream, or without one for the plugin that runs; see `call` of `HttpFilter` and `BasicPlugin`. */
export function sendHttpCall(stream: Context | null, request: HttpCallRequest, call: HttpCall): void {
  if (call.isWaiting) {
    refuse(
      Refused.Callout,
      utf8("an HTTP callout"),
      utf8("the answer to this object's last one is still awaited: use another object, or cancel() it first"),
    );
    return;
  }
  call.stream = stream;
  const before = actFor(stream === null ? 0 : stream.parentContextId);
  const token = send(request);
  actAsBefore(before);
  call.token = token;
  if (token != 0) return keep(token, call);
  if (!mayTellUnsent(Refused.Callout, utf8("an HTTP callout"))) return;
  finish(call, HttpCallResult.notSent());
  afterUnsent();
}

/** The host has the answer to a callout, or has given it up. */
export function httpCallAnswered(pluginContextId: u32, token: u32, headerCount: i32, bodyLength: i32): void {
  const interrupted = enterPlugin(Callback.HttpCallResponse, pluginContextId);
  const call = take(token);
  if (call !== null && findContext(pluginContextId) !== null)
    finish(call, HttpCallResult.of(headerCount, bodyLength));
  leave(interrupted);
}

function keep(token: u32, call: HttpCall): void {
  let calls = pending;
  if (calls === null) {
    calls = new Map<u32, HttpCall>();
    pending = calls;
  }
  calls.set(token, call);
}

function take(token: u32): HttpCall | null {
  const calls = pending;
  if (calls === null || !calls.has(token)) return null;
  const call = calls.get(token);
  calls.delete(token);
  return call;
}

/** The host's number for the callout; 0 when it refuses. */
function send(request: HttpCallRequest): u32 {
  const headers = request.encodeHeaders();
  const trailers = request.trailers.encode();
  const cluster = request.cluster;
  const body = request.body;
  const status = proxy_http_call(
    cluster.start,
    cluster.length,
    headers.start,
    headers.length,
    body.start,
    body.length,
    trailers.start,
    trailers.length,
    max(request.timeoutMs, 1),
    resultSlot(),
  );
  return succeeded(utf8("proxy_http_call"), status) ? resultNumber<u32>() : 0;
}

/** Hands a result over to whoever asked, if that is still there and wants to know. */
function finish(call: HttpCall, result: HttpCallResult): void {
  const stream = call.stream;
  call.stream = null;
  call.token = 0;
  if (stream !== null && findContext(stream.contextId) !== stream) return;
  const before = actAs(actorOf(stream));
  call.onResult(result);
  actAsBefore(before);
}
