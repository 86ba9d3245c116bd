import { handlerFailure } from "../handler-failure.ts";
import { growing, receive, type Growing } from "../kept.ts";
import { isFault, type UpstreamFault } from "../upstream.ts";
import { GrpcReceivedCall } from "./call.ts";
import {
  eventOfEnd,
  eventOfStep,
  eventsOfAnswer,
  type GrpcAnswer,
  type GrpcEnd,
  type GrpcEvent,
  type GrpcStep,
} from "./messages.ts";

/**
 * A request that has come as a whole.
 *
 * @category Program the upstream
 */
export interface GrpcUnaryRequest {
  /** The call that it belongs to. */
  readonly call: GrpcReceivedCall;
  /** The first message; empty when there was none. */
  readonly message: Uint8Array;
  /** All messages in their order; several when the client streams. */
  readonly messages: readonly Uint8Array[];
}

/**
 * Answers a request that has come as a whole; what it throws fails the request that the test sent.
 *
 * @category Program the upstream
 */
export type GrpcUnaryHandler = (
  request: GrpcUnaryRequest,
) => GrpcAnswer | UpstreamFault | Promise<GrpcAnswer | UpstreamFault>;

/**
 * Answers while the request comes: what it yields is sent, and what it returns ends the call, with OK by default.
 *
 * @category Program the upstream
 */
export type GrpcStreamHandler = (
  call: GrpcReceivedCall,
) => AsyncGenerator<GrpcStep, GrpcEnd | UpstreamFault> | AsyncGenerator<GrpcStep, void>;

/** What a method of a service does, for a backend. */
type Method = (call: GrpcReceivedCall) => AsyncGenerator<GrpcEvent, void>;

const unimplemented: GrpcAnswer = { status: 12, statusMessage: "the test has no such method" };

/**
 * A gRPC service that filters can call, written in the test. It records what it receives. The embedded backend calls it
 * without a socket, the others through an HTTP/2 server around it. A method that nobody has set is UNIMPLEMENTED.
 *
 * @category Program the upstream
 */
export class GrpcUpstream {
  /** What arrived, in order, since the test began; of many calls the newest, as `requests` of an `Upstream`. */
  readonly calls: Growing<GrpcReceivedCall> = growing();
  private readonly methods = new Map<string, Method>();

  /** Answers `/package.Service/Method` from now on, once its request is complete; a client's stream is such a request, too. */
  unary(method: string, answer: GrpcAnswer | UpstreamFault | GrpcUnaryHandler): void {
    const handler = typeof answer === "function" ? answer : () => answer;
    this.methods.set(method, (call) => answered(call, handler));
  }

  /** Answers `/package.Service/Method` from now on, while its request comes. */
  stream(method: string, handler: GrpcStreamHandler): void {
    this.methods.set(method, (call) => streamed(call, handler));
  }

  /** Called by a backend for each call that reached the service. @internal */
  handle(call: GrpcReceivedCall): AsyncGenerator<GrpcEvent, void> {
    receive(this.calls, call, "grpcUpstream.calls");
    const method = this.methods.get(call.method);
    return method === undefined ? answered(call, () => unimplemented) : told(method(call));
  }
}

/** The same events, and what was thrown for them in the words of the harness. */
async function* told(events: AsyncGenerator<GrpcEvent, void>): AsyncGenerator<GrpcEvent, void> {
  try {
    yield* events;
  } catch (error) {
    throw handlerFailure("the gRPC service", error);
  }
}

async function* answered(call: GrpcReceivedCall, handler: GrpcUnaryHandler): AsyncGenerator<GrpcEvent, void> {
  await call.complete();
  const [message = new Uint8Array()] = call.received;
  const answer = await handler({ call, message, messages: call.received });
  if (isFault(answer)) yield { kind: "fault", fault: answer.fault };
  else yield* eventsOfAnswer(answer);
}

async function* streamed(
  call: GrpcReceivedCall,
  handler: GrpcStreamHandler,
): AsyncGenerator<GrpcEvent, void> {
  const steps: AsyncGenerator<GrpcStep, unknown> = handler(call);
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        const end = (value ?? {}) as GrpcEnd | UpstreamFault;
        yield isFault(end) ? { kind: "fault", fault: end.fault } : eventOfEnd(end);
        return;
      }
      yield eventOfStep(value);
    }
  } finally {
    await steps.return(undefined);
  }
}
