import { proxy_close_stream, proxy_continue_stream, proxy_send_local_response } from "./abi/imports";
import { Action, StreamType } from "./abi/types";
import { Bytes } from "./bytes";
import { Callback, callbackSerial, runningCallback } from "./callbacks";
import { Context, findContext } from "./contexts";
import { decimal } from "./decimal";
import { actAs, actAsBefore } from "./effective-context";
import { FieldList } from "./field-list";
import { succeeded } from "./host-calls";
import { log } from "./logging";
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
  details: string,
  options: ReplyOptions | null,
): Action {
  if (!maySteer(stream, Refused.Respond, "a local reply")) return Action.Pause;
  stream.isAnswered = true;
  const reply = options === null ? new ReplyOptions() : options;
  actAs(stream.contextId);
  send(acceptStatus(status), Bytes.fromString(details), reply);
  actAsBefore(stream.contextId, stream.parentContextId);
  return Action.Pause;
}

/** Resets a stream; see `HttpFilter.close`. */
export function closeStream(stream: Context): Action {
  if (!maySteer(stream, Refused.Close, "close")) return Action.Pause;
  stream.isAnswered = true;
  actAs(stream.contextId);
  succeeded("proxy_close_stream", proxy_close_stream(StreamType.HttpRequest));
  actAsBefore(stream.contextId, stream.parentContextId);
  return Action.Pause;
}

/** Lets a stream, which host calls act on already, go on in one direction. */
export function continueStream(stream: Context, type: StreamType): void {
  stream.resumedIn = callbackSerial();
  succeeded("proxy_continue_stream", proxy_continue_stream(type));
}

/**
 * Whether the host may be asked to answer, close or continue a stream now; logs why not. Once the stream is over Envoy
 * 1.40 recurses without end, or crashes; for one that it does not know it says Ok and does nothing.
 */
export function maySteer(stream: Context, call: Refused, name: string): bool {
  const callback = runningCallback();
  if (callback == Callback.Log || callback == Callback.Done || callback == Callback.Delete)
    return refuse(call, name, "the stream is over");
  if (findContext(stream.contextId) !== stream) return refuse(call, name, "the stream is not there");
  if (stream.isAnswered) return refuse(call, name, "the filter has answered or closed the stream already");
  if (stream.resumedIn != callbackSerial()) return true;
  return refuse(call, name, "the stream was resumed, and may be over when this callback returns");
}

function send(status: i32, details: Bytes, reply: ReplyOptions): void {
  const headers = reply.headers.encode();
  const body = reply.body;
  succeeded(
    "proxy_send_local_response",
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
  log.error("a local reply with status " + decimal(status) + " was refused: 500 is sent in its place");
  return 500;
}
