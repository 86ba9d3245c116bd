import { proxy_send_local_response } from "./abi/imports";
import { Action } from "./abi/types";
import { Bytes } from "./bytes";
import { Callback, runningCallback } from "./callbacks";
import { decimal } from "./decimal";
import { acceptHeader } from "./header-syntax";
import { succeeded } from "./host-calls";
import { log } from "./logging";
import { encodePairs } from "./pairs";

const NO_GRPC_STATUS: i32 = -1;

/** What a local reply may carry beside its status and details. */
export class ReplyOptions {
  /** The body; sent as `text/plain` unless a header says otherwise. */
  body: Bytes = Bytes.EMPTY;
  /** The gRPC status, 0 to 16, for a gRPC request; -1 leaves it to the host, which derives it from the status. */
  grpcStatus: i32 = NO_GRPC_STATUS;
  private readonly namesAndValues: Bytes[] = [];

  /** Adds a header to the reply; refused, which is logged at error, when it is no header: false then. */
  addHeader(name: Bytes, value: Bytes): bool {
    if (!acceptHeader(name, value)) return false;
    this.namesAndValues.push(name);
    this.namesAndValues.push(value);
    return true;
  }

  /** For the SDK: the headers in the host's form. */
  encodeHeaders(): Bytes {
    return this.namesAndValues.length == 0 ? Bytes.EMPTY : encodePairs(this.namesAndValues);
  }
}

/** Asks the host to answer the running stream itself; see `HttpFilter.respond`. */
export function sendLocalReply(status: i32, details: string, options: ReplyOptions | null): Action {
  if (isStreamOver(runningCallback())) {
    log.error("a local reply was refused: the stream is over");
    return Action.Continue;
  }
  const reply = options === null ? new ReplyOptions() : options;
  send(acceptStatus(status), Bytes.fromString(details), reply);
  return Action.Pause;
}

function send(status: i32, details: Bytes, reply: ReplyOptions): void {
  const headers = reply.encodeHeaders();
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

/** Envoy 1.40 recurses without end, or crashes, when it is asked for a reply in these callbacks. */
function isStreamOver(callback: Callback): bool {
  return callback == Callback.Log || callback == Callback.Done || callback == Callback.Delete;
}

/** Envoy 1.40 closes the connection on 0, sends 100 as a final response, and lets 999 through. */
function acceptStatus(status: i32): i32 {
  if (status >= 200 && status <= 599) return status;
  log.error("a local reply with status " + decimal(status) + " was refused: 500 is sent in its place");
  return 500;
}
