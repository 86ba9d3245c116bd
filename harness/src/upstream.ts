import { handlerFailure } from "./handler-failure.ts";
import type { Http2Error } from "./http2-errors.ts";
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
  /** What arrived, in order, since the test began; health checks are not among it. */
  readonly requests: ReceivedRequest[] = [];
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

  /** Called by a backend for each request that reached the upstream. @internal */
  async handle(request: ReceivedRequest): Promise<OutgoingResponse | UpstreamFault> {
    const reaction = await this.react(request);
    if (!isFault(reaction)) return wholeResponse(reaction);
    return reaction.fault === "reset" && reaction.after === null ? { fault: "refuse" } : reaction;
  }

  /** As `handle`, for a backend that can send a body while it comes. @internal */
  async react(request: ReceivedRequest): Promise<StreamedResponse | UpstreamFault> {
    this.requests.push(request);
    await this.gate?.pass();
    const reaction = await this.reaction(request);
    return isFault(reaction) ? reaction : outgoingResponse(reaction);
  }

  private async reaction(request: ReceivedRequest): Promise<ResponseInput | UpstreamFault> {
    try {
      return await this.handler(request);
    } catch (error) {
      throw handlerFailure("the upstream", error);
    }
  }
}
