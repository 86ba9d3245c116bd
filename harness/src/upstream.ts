import { inspect } from "node:util";
import { HarnessError } from "./errors.ts";
import { handlerFailure } from "./handler-failure.ts";
import type { Http2Error } from "./http2-errors.ts";
import { growing, receive, type Growing } from "./kept.ts";
import {
  outgoingResponse,
  wholeResponse,
  type OutgoingResponse,
  type ReceivedRequest,
  type ResponseInput,
  type StreamedResponse,
} from "./message.ts";
import { Gate } from "./upstreams/gate.ts";
import { UpstreamHealth } from "./upstreams/health.ts";
import type { WebSocketHandler } from "./websockets/connection.ts";

/**
 * What an upstream does in place of an answer.
 *
 * @category Program the upstream
 */
export interface UpstreamFault {
  /**
   * `refuse` closes the connection before an answer begins, which is to Envoy as if it had not been accepted; `reset`
   * begins an answer and breaks off; `silence` never answers.
   */
  readonly fault: "refuse" | "reset" | "silence";
  /**
   * What a `reset` sends before it breaks off; null: nothing. Default: a 200 and a part of its body. The embedded backend,
   * where a filter sees nothing of the part, takes null as `refuse`.
   */
  readonly after?: ResponseInput | null;
  /** By what a `reset` ends a stream of HTTP/2, whose connection stays; HTTP/1.1 closes it. Default INTERNAL_ERROR. */
  readonly streamError?: Http2Error;
}

/** Whether an upstream answers, or does something worse. */
export function isFault(reaction: object): reaction is UpstreamFault {
  return "fault" in reaction;
}

/**
 * Answers one request; what it throws fails the request that the test sent.
 *
 * @category Program the upstream
 */
export type UpstreamHandler = (
  request: ReceivedRequest,
) => ResponseInput | UpstreamFault | Promise<ResponseInput | UpstreamFault>;

/**
 * The service behind the proxy, written in the test: it records what it receives and answers with its handler.
 * The embedded backend calls it without a socket, the others through an HTTP server around it.
 *
 * @category Program the upstream
 */
export class Upstream {
  /**
   * What arrived, in order, since the test began; health checks are not among it. Of many requests the newest 10,000 are
   * kept, and up to twice as many: a warning says so, and `requests.omitted` how many are not.
   */
  readonly requests: Growing<ReceivedRequest> = growing();
  /** What it answers to Envoy's health checks. */
  readonly health = new UpstreamHealth();
  private handler: UpstreamHandler = () => ({ body: "upstream" });
  private gate: Gate | null = null;
  private onWebSocket: WebSocketHandler | null = null;

  /** Answers every request from now on, with a fixed response or with what the function returns. */
  respond(answer: ResponseInput | UpstreamFault | UpstreamHandler): void {
    this.handler = typeof answer === "function" ? answer : () => answer;
  }

  /** Holds every request from now on, until the gate is released. A gate that was held before still holds what it has. */
  hold(): Gate {
    this.gate = new Gate();
    return this.gate;
  }

  /**
   * Accepts WebSockets from now on, and serves each with this function; without one a request to upgrade is answered as any
   * other. The embedded backend has no WebSockets.
   */
  webSocket(handler: WebSocketHandler): void {
    this.onWebSocket = handler;
  }

  /** For a backend: what serves a WebSocket, or null. @internal */
  get webSocketHandler(): WebSocketHandler | null {
    return this.onWebSocket;
  }

  /** Called by a backend for each request that reached the upstream; what is known at once is no promise. @internal */
  handle(request: ReceivedRequest): Eventually<OutgoingResponse | UpstreamFault> {
    const reaction = this.react(request);
    return reaction instanceof Promise ? reaction.then(inOnePiece) : inOnePiece(reaction);
  }

  /** As `handle`, for a backend that can send a body while it comes. @internal */
  react(request: ReceivedRequest): Eventually<StreamedResponse | UpstreamFault> {
    this.record(request);
    if (this.gate === null) return this.reaction(request);
    return this.gate.pass().then(() => this.reaction(request));
  }

  /** For a backend: notes a request that `react` does not deal with. @internal */
  record(request: ReceivedRequest): void {
    receive(this.requests, request, "upstream.requests");
  }

  private reaction(request: ReceivedRequest): Eventually<StreamedResponse | UpstreamFault> {
    const answer = this.answer(request);
    refuseOther(answer);
    if (!("then" in answer)) return outgoing(answer);
    return Promise.resolve(answer).then(outgoing, (error: unknown) => {
      throw handlerFailure("the upstream", error);
    });
  }

  private answer(request: ReceivedRequest): Eventually<ResponseInput | UpstreamFault> {
    try {
      return this.handler(request);
    } catch (error) {
      throw handlerFailure("the upstream", error);
    }
  }
}

/** What is there, or will be: to wait for what is there takes as long as much of a request. */
type Eventually<T> = T | Promise<T>;

/** No compiler tells it to who writes a test in JavaScript, or forgets to return. */
function refuseOther(answer: unknown): void {
  if (typeof answer === "object" && answer !== null) return;
  throw new HarnessError(
    "invalid_input",
    `the upstream's handler returned ${inspect(answer)}, which is no answer: return { status: 200, body: "text" } or its like`,
  );
}

function outgoing(answer: ResponseInput | UpstreamFault): StreamedResponse | UpstreamFault {
  refuseOther(answer);
  return isFault(answer) ? answer : outgoingResponse(answer);
}

function inOnePiece(
  reaction: StreamedResponse | UpstreamFault,
): Eventually<OutgoingResponse | UpstreamFault> {
  if (!isFault(reaction)) return wholeResponse(reaction);
  return reaction.fault === "reset" && reaction.after === null ? { fault: "refuse" } : reaction;
}
