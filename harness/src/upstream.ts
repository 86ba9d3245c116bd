import {
  outgoingResponse,
  type OutgoingResponse,
  type ReceivedRequest,
  type ResponseInput,
} from "./message.ts";

/** Answers one request; what it throws fails the request that the test sent. */
export type UpstreamHandler = (request: ReceivedRequest) => ResponseInput | Promise<ResponseInput>;

/**
 * The service behind the proxy, written in the test: it records what it receives and answers with its handler.
 * The embedded backend calls it without a socket, the others through an HTTP server around it.
 */
export class Upstream {
  /** What arrived, in order, since the test began. */
  readonly requests: ReceivedRequest[] = [];
  private handler: UpstreamHandler = () => ({ body: "upstream" });

  /** Answers every request from now on, with a fixed response or with what the function returns. */
  respond(answer: ResponseInput | UpstreamHandler): void {
    this.handler = typeof answer === "function" ? answer : () => answer;
  }

  /** Called by a backend for each request that reached the upstream. */
  async handle(request: ReceivedRequest): Promise<OutgoingResponse> {
    this.requests.push(request);
    return outgoingResponse(await this.handler(request));
  }
}
