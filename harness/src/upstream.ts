import {
  outgoingResponse,
  type OutgoingResponse,
  type ReceivedRequest,
  type ResponseInput,
} from "./message.ts";

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
  /** What arrived, in order, since the test began. */
  readonly requests: ReceivedRequest[] = [];
  private handler: UpstreamHandler = () => ({ body: "upstream" });

  /** Answers every request from now on, with a fixed response or with what the function returns. */
  respond(answer: ResponseInput | UpstreamFault | UpstreamHandler): void {
    this.handler = typeof answer === "function" ? answer : () => answer;
  }

  /** Called by a backend for each request that reached the upstream. @internal */
  async handle(request: ReceivedRequest): Promise<OutgoingResponse | UpstreamFault> {
    this.requests.push(request);
    const reaction = await this.handler(request);
    return isFault(reaction) ? reaction : outgoingResponse(reaction);
  }
}
