import { acceptPairs } from "./message-calls.ts";
import { type GuestMemory, Misdeed } from "./guest-memory.ts";
import { type GrpcExchange, type HostState, Status } from "./state.ts";

/** A service that the light host has, as the SDK names it. */
const known = "\n\x06\n\x04auth";
const UNAVAILABLE = 14;

/** gRPC calls and streams; what Envoy 1.40 dies of, or takes amiss, is a misdeed. */
export function grpcCalls(state: HostState, guest: () => GuestMemory) {
  const begin = (isStream: boolean, parameters: readonly number[], out: number): number => {
    const [service = 0, length = 0] = parameters;
    const target = guest().text(service, length);
    if (!/[\n\x12]/.test(target)) throw new Misdeed(`a gRPC service without a target`);
    for (const at of [2, 4]) guest().text(parameters[at] ?? 0, parameters[at + 1] ?? 0);
    acceptPairs(guest().text(parameters[6] ?? 0, parameters[7] ?? 0));
    const token = 4 * (state.exchanges.length + 1) + (isStream ? 2 : 1);
    const isKnown = target === known;
    state.exchanges.push({
      token,
      isStream,
      isOpen: isKnown,
      isHalfClosed: false,
      isReleased: false,
      isEnding: false,
    });
    if (isKnown) guest().writeU32(out, token);
    else state.callBack("proxy_on_grpc_close", token, UNAVAILABLE);
    return isKnown ? Status.Ok : Status.InternalFailure;
  };
  const find = (what: string, token: number): GrpcExchange => {
    const exchange = state.exchanges.find((each) => each.token === token && each.isOpen);
    if (exchange === undefined) throw new Misdeed(`${what} of an exchange that is over`);
    return exchange;
  };
  return {
    proxy_grpc_call: (...parameters: number[]) => {
      const [message = 0, length = 0, timeoutMs = 0, out = 0] = parameters.slice(8);
      guest().text(message, length);
      if (timeoutMs === 0) throw new Misdeed("a gRPC call without a timeout");
      return begin(false, parameters, out);
    },
    proxy_grpc_stream: (...parameters: number[]) => begin(true, parameters, parameters[8] ?? 0),
    proxy_grpc_send: (token: number, at: number, length: number, end: number) => {
      const exchange = find("a message", token);
      const message = guest().text(at, length);
      if (exchange.isHalfClosed || exchange.isEnding) throw new Misdeed("a message behind the last one");
      exchange.isHalfClosed = end !== 0;
      if (message.startsWith("a")) breakOff(state, exchange);
      return Status.Ok;
    },
    proxy_grpc_close: (token: number) => {
      const exchange = find("a close", token);
      if (exchange.isReleased) throw new Misdeed("an exchange is closed twice");
      exchange.isHalfClosed = exchange.isReleased = true;
      return Status.Ok;
    },
    proxy_grpc_cancel: (token: number) => {
      find("a cancel", token).isOpen = false;
      return Status.Ok;
    },
    proxy_get_status: (codeOut: number, out: number, lengthOut: number) => {
      guest().writeU32(codeOut, state.grpcStatus.code);
      return guest().give(state.grpcStatus.text, out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
  };
}

/** The service is gone, which the guest is told in the midst of its own call. */
function breakOff(state: HostState, exchange: GrpcExchange): void {
  Object.assign(state.grpcStatus, { code: UNAVAILABLE, text: "" });
  state.onBreak();
  state.callBack("proxy_on_grpc_close", exchange.token, UNAVAILABLE);
  exchange.isOpen = false;
}
