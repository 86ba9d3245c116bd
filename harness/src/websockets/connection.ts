import { HarnessError } from "../errors.ts";
import { MessageQueue } from "../message-queue.ts";
import type { ReceivedRequest, ReceivedResponse } from "../message.ts";

/**
 * A message of a WebSocket: text, or bytes.
 *
 * @category Send and receive
 */
export type WebSocketMessage = string | Uint8Array;

/**
 * How a WebSocket was closed.
 *
 * @category Send and receive
 */
export interface WebSocketClosing {
  /** 1005 when the other end gave no code, 1006 when the connection was broken off (RFC 6455, section 7.4). */
  readonly code: number;
  /** Empty when none was given. */
  readonly reason: string;
}

/**
 * Serves one WebSocket, until it returns; the socket is then closed, if it still is open. What it throws fails the test.
 *
 * @category Program the upstream
 */
export type WebSocketHandler = (
  socket: WebSocketConnection,
  request: ReceivedRequest,
) => Promise<void> | void;

/** What a connection needs of a WebSocket library. */
export interface WebSocketOutlet {
  send(message: WebSocketMessage): Promise<void>;
  close(code: number, reason: string): void;
  terminate(): void;
}

/**
 * One end of a WebSocket. What comes waits to be taken, in its order.
 *
 * @category Send and receive
 */
export class WebSocketConnection {
  private readonly outlet: WebSocketOutlet;
  private readonly queue = new MessageQueue<WebSocketMessage, WebSocketClosing>();

  /** @internal */
  constructor(outlet: WebSocketOutlet) {
    this.outlet = outlet;
  }

  /** Sends a message; resolves when it has left. Refused with `internal` when the socket is closed. */
  async send(message: WebSocketMessage): Promise<void> {
    const { ended } = this.queue;
    if (ended !== null) throw isOver(ended);
    await this.outlet.send(message);
  }

  /** Takes the next message. Refused with `internal` when the socket is closed before one comes. */
  receive(): Promise<WebSocketMessage> {
    return this.queue.next(isOver);
  }

  /** Takes the messages as they come, until the socket is closed. */
  get messages(): AsyncIterableIterator<WebSocketMessage> {
    return this.queue.take();
  }

  /** Closes the socket by the protocol; resolves with what the other end answered. */
  close(code = 1000, reason = ""): Promise<WebSocketClosing> {
    if (this.queue.ended === null) this.outlet.close(code, reason);
    return this.queue.finished();
  }

  /** Breaks the connection off without a word. */
  terminate(): void {
    this.outlet.terminate();
  }

  /** Resolves when the socket is closed, with how. */
  closed(): Promise<WebSocketClosing> {
    return this.queue.finished();
  }

  /** For whoever feeds it: a message has come. @internal */
  push(message: WebSocketMessage): void {
    this.queue.push(message);
  }

  /** For whoever feeds it: nothing more will come. @internal */
  finish(closing: WebSocketClosing): void {
    this.queue.finish(closing);
  }
}

function isOver({ code, reason }: WebSocketClosing): HarnessError {
  const why = reason === "" ? "" : ` (${reason})`;
  return new HarnessError("internal", `the WebSocket was closed with ${code}${why}, and no message is left`);
}

/**
 * What came of asking for a WebSocket.
 *
 * @category Send and receive
 */
export class WebSocketAnswer {
  /** Status 101, or the response by which the request was refused. */
  readonly response: ReceivedResponse;
  private readonly opened: WebSocketConnection | null;

  /** @internal */
  constructor(response: ReceivedResponse, opened: WebSocketConnection | null) {
    this.response = response;
    this.opened = opened;
  }

  /** The socket. Throws `invalid_input` when there is none, for the request was refused. */
  get socket(): WebSocketConnection {
    if (this.opened !== null) return this.opened;
    const { status } = this.response;
    throw new HarnessError(
      "invalid_input",
      `no WebSocket was opened, the answer was ${status} (${JSON.stringify(this.response.text().slice(0, 200))}): look at ` +
        "its `response`, and at the upgrade_configs of the listener",
    );
  }
}
