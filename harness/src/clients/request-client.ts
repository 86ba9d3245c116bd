import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import type { TlsSession } from "./target.ts";

/** Sends requests to one target, whatever the protocol. */
export interface RequestClient extends Disposable {
  /**
   * Resolves with the whole response. Refused with `invalid_input` when the protocol cannot carry the request, with
   * `tls_refused` when the handshake fails, and with `internal` when the connection or the stream ends before the
   * response is complete.
   */
  send(request: OutgoingRequest, signal?: AbortSignal): Promise<ReceivedResponse>;
  /** Closes the connections that are kept: the next request opens one of its own. */
  reconnect(): void;
  /** The handshake of the connection that was opened last; null in cleartext, and before it. */
  readonly tls: TlsSession | null;
}
