import { proxy_http_call } from "./abi/imports";
import { resultNumber, resultSlot } from "./abi/memory";
import { Callback, enter, leave, runningCallback } from "./callbacks";
import { Context, findContext } from "./contexts";
import { actAs, runAs } from "./effective-context";
import { succeeded } from "./host-calls";
import { HttpCallRequest } from "./http-call-request";
import { HttpCallResult } from "./http-call-result";
import { Refused, refuse } from "./refusals";

/**
 * What is to be done with the answer to an HTTP callout. Extend it with what `onResult` needs as fields, the filter among
 * them, and hand it to `HttpFilter.call`; one object serves one call at a time.
 */
export abstract class HttpCall {
  /** For the SDK, as all fields: the stream that asked. */
  stream: Context | null = null;
  isWaiting: bool = false;

  /**
   * The answer is there, or it is clear that none will come. Runs in the stream that asked, which may be answered,
   * resumed and changed here as far as it is still held, and never once that stream is over. A call that could not be
   * sent at all has its result before `call` returns.
   */
  abstract onResult(result: HttpCallResult): void;

  /** Takes back the wish to know: `onResult` is not called any more. The host does not end the request itself. */
  cancel(): void {
    this.isWaiting = false;
  }
}

/** The calls without an answer, by the host's numbers: each leaves when its answer, or its timeout, is there. */
let pending: Map<u32, HttpCall> | null = null;

/** Sends a callout for a stream; see `HttpFilter.call` and `NetworkFilter.call`. */
export function sendHttpCall(stream: Context, request: HttpCallRequest, call: HttpCall): void {
  if (call.isWaiting) {
    refuse(Refused.Callout, "an HTTP callout", "the answer to this object's last one is still awaited");
    return;
  }
  call.stream = stream;
  call.isWaiting = true;
  const token = send(request);
  if (token != 0) keep(token, call);
  else finish(call, HttpCallResult.notSent());
}

/** The host has the answer to a callout, or has given it up. */
export function httpCallAnswered(pluginContextId: u32, token: u32, headerCount: i32, bodyLength: i32): void {
  const interrupted = enter(Callback.HttpCallResponse);
  runAs(pluginContextId);
  const call = take(token);
  if (call !== null) finish(call, HttpCallResult.of(headerCount, bodyLength));
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
  return succeeded("proxy_http_call", status) ? resultNumber<u32>() : 0;
}

/** Hands a result over in the context of the stream that asked, if it is still there and wants to know. */
function finish(call: HttpCall, result: HttpCallResult): void {
  const stream = call.stream;
  const isAwaited = call.isWaiting;
  call.stream = null;
  call.isWaiting = false;
  if (!isAwaited || stream === null || findContext(stream.contextId) !== stream) return;
  if (runningCallback() == Callback.HttpCallResponse) {
    actAs(stream.contextId);
    runAs(stream.contextId);
  }
  call.onResult(result);
}
