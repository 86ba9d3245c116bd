import { proxy_close_stream, proxy_continue_stream, proxy_send_local_response } from "./abi/imports";
import { Action, StreamType } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { Callback, callbackSerial, runningCallback } from "./callbacks";
import { Context, findContext } from "./contexts";
import { actAs, actAsBefore, isOwnCallback } from "./effective-context";
import { FieldList } from "./http-fields/field-list";
import { succeeded } from "./host-calls";
import { logError } from "./logging";
import { Refused, refuse } from "./refusals";

const NO_GRPC_STATUS: i32 = -1;

/**
 * What a local reply may carry beside its status and details. Source: proxy-wasm ABI 0.2.1,
 * `proxy_send_local_response`.
 *
 * @category Filters
 */
export class ReplyOptions {
  /** The body; sent as `text/plain` unless a header says otherwise. */
  body: Bytes = Bytes.EMPTY;
  /** The gRPC status, 0 to 16, for a gRPC request; -1 leaves it to the host, which derives it from the status. */
  grpcStatus: i32 = NO_GRPC_STATUS;
  /** The headers beside those that the host adds. */
  readonly headers: FieldList = new FieldList();

  /** Adds a header to the reply; refused, which is logged at error, as `FieldList.add` is: false then. */
  addHeader(name: Bytes, value: Bytes): bool {
    return this.headers.add(name, value);
  }
}

/** Asks the host to answer a stream itself; see `HttpFilter.respond`. */
export function sendLocalReply(
  stream: Context,
  status: i32,
  details: Bytes,
  options: ReplyOptions | null,
): Action {
  if (!maySteer(stream, Refused.Respond, utf8("a local reply"))) return afterRefusal(stream);
  stream.isAnswered = true;
  const reply = options === null ? new ReplyOptions() : options;
  const before = actAs(stream.contextId);
  send(acceptStatus(status), details, reply);
  actAsBefore(before);
  return Action.Pause;
}

/** Resets a stream; see `HttpFilter.close`. */
export function closeStream(stream: Context): Action {
  if (!maySteer(stream, Refused.Close, utf8("close"))) return afterRefusal(stream);
  stream.isAnswered = true;
  stream.isReset = true;
  const before = actAs(stream.contextId);
  succeeded(utf8("proxy_close_stream"), proxy_close_stream(StreamType.HttpRequest));
  actAsBefore(before);
  return Action.Pause;
}

/** Lets a stream, which host calls act on already, go on in one direction. */
export function continueStream(stream: Context, type: StreamType): void {
  stream.resumedIn = callbackSerial();
  succeeded(utf8("proxy_continue_stream"), proxy_continue_stream(type));
}

/**
 * Whether the host may be asked to answer, close or continue a stream now; logs why not. Once the stream is over Envoy
 * 1.40 recurses without end, or crashes; for one that it does not know it says Ok and does nothing; and a local reply from
 * the callback for another stream's message holds that one, whatever the callback returns.
 */
export function maySteer(stream: Context, call: Refused, name: Bytes): bool {
  const callback = runningCallback();
  if (isOwnCallback(stream.contextId)) {
    if (callback >= Callback.Log || callback == Callback.ContextCreate)
      return refuse(call, name, utf8("the stream has not begun, or is over: take another callback"));
  } else if (call == Refused.Respond && <u32>(callback - Callback.RequestHeaders) < 6) {
    return refuse(call, name, utf8("another stream's callback runs: close() the stream instead"));
  }
  if (findContext(stream.contextId) !== stream)
    return refuse(call, name, utf8("the stream is gone: forget it in onDone"));
  if (stream.isAnswered && (call != Refused.ResumeResponse || !stream.isAnswerShown))
    return refuse(call, name, utf8("the filter has answered or closed the stream already"));
  if (stream.resumedIn != callbackSerial()) return true;
  return refuse(call, name, utf8("the stream was resumed, and may be over by now: do it before"));
}

/** What a callback returns that may do neither: to hold the filter's own answer on its way would be to lose it. */
function afterRefusal(stream: Context): Action {
  const isResponse = <u32>(runningCallback() - Callback.ResponseHeaders) < 3;
  return isResponse && isOwnCallback(stream.contextId) && stream.isAnswerShown
    ? Action.Continue
    : Action.Pause;
}

function send(status: i32, details: Bytes, reply: ReplyOptions): void {
  const headers = reply.headers.encode();
  const body = reply.body;
  succeeded(
    utf8("proxy_send_local_response"),
    proxy_send_local_response(
      status,
      details.start,
      details.length,
      body.start,
      body.length,
      headers.start,
      headers.length,
      reply.grpcStatus,
    ),
  );
}

/** Envoy 1.40 closes the connection on 0, sends 100 as a final response, and lets 999 through. */
function acceptStatus(status: i32): i32 {
  if (status >= 200 && status <= 599) return status;
  const text = Bytes.fromInteger(status).concat(utf8(" was refused: 500 is sent in its place"));
  logError(utf8("a local reply with status ").concat(text));
  return 500;
}
