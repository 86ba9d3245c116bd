import { Callback, enter, leave } from "../callbacks";
import { actAs, actAsBefore, actorOf, interruptAs, runAgain } from "../effective-context";
import { endExchangesOf, find, GrpcExchange } from "./exchanges";

/** What the host has of an answer. */
enum Part {
  InitialMetadata,
  Message,
  TrailingMetadata,
  Close,
}

/** The host has the answer's first metadata. */
export function grpcInitialMetadata(pluginContextId: u32, token: u32, fieldCount: i32): void {
  dispatch(pluginContextId, token, Part.InitialMetadata, fieldCount);
}

/** The host has a message. */
export function grpcMessage(pluginContextId: u32, token: u32, length: i32): void {
  dispatch(pluginContextId, token, Part.Message, length);
}

/** The host has the answer's last metadata. */
export function grpcTrailingMetadata(pluginContextId: u32, token: u32): void {
  dispatch(pluginContextId, token, Part.TrailingMetadata, 0);
}

/** A call has failed, or a stream is over. */
export function grpcClosed(pluginContextId: u32, token: u32, status: i32): void {
  dispatch(pluginContextId, token, Part.Close, status);
}

/** An HTTP stream is over: so is what it has open. */
export function endGrpcOf(contextId: u32): void {
  const interrupted = enter(Callback.Delete);
  const outer = interruptAs(contextId);
  endExchangesOf(contextId);
  runAgain(outer);
  leave(interrupted);
}

/**
 * Hands something over in the context of the stream that asked. The host also calls for what it refused to send, whose
 * number nobody knows, and in the middle of a host call that made a stream fail at once.
 */
function dispatch(pluginContextId: u32, token: u32, part: Part, number: i32): void {
  const exchange = find(token);
  if (exchange === null) return;
  const interrupted = enter(Callback.Grpc);
  const outer = interruptAs(pluginContextId);
  const before = actAs(actorOf(exchange.stream));
  handOver(exchange, part, number);
  actAsBefore(before);
  runAgain(outer);
  leave(interrupted);
}

function handOver(exchange: GrpcExchange, part: Part, number: i32): void {
  if (part == Part.InitialMetadata) exchange.dispatchInitialMetadata(number);
  else if (part == Part.Message) exchange.dispatchMessage(number);
  else if (part == Part.TrailingMetadata) exchange.dispatchTrailingMetadata();
  else exchange.dispatchClose(number);
}
