import { proxy_grpc_cancel } from "../abi/imports";
import { resultNumber } from "../abi/memory";
import { Callback, runningCallback } from "../callbacks";
import { Context, findContext } from "../contexts";
import { actAs, actAsBefore, actFor, actorOf, isOwnCallback } from "../effective-context";
import { succeeded } from "../host-calls";
import { Refused, refuse } from "../refusals";
import { afterUnsent, mayTellUnsent } from "../refusals/unsent";
import { Bytes, utf8 } from "../bytes";
import { GrpcRequest } from "./request";

/** A gRPC call, or a stream: what both have. Filters extend `GrpcCall` and `GrpcStream`. */
export abstract class GrpcExchange {
  /** For the SDK, as all fields: the host's number; 0 while it is not open. @internal */
  token: u32 = 0;
  /** For the SDK: the stream that asked; null when the plugin itself did. @internal */
  stream: Context | null = null;
  /** For the SDK: the plugin that asked, or whose stream did; the host knows it there and nowhere else. @internal */
  pluginContextId: u32 = 0;
  /** For the SDK: another one that the same stream has asked for. @internal */
  nextOfStream: GrpcExchange | null = null;

  /** Whether it was sent, and has not ended. */
  get isOpen(): bool {
    return this.token != 0;
  }

  /**
   * Gives it up: the service is told, and nothing is called any more. Nothing happens when it is not open. Valid in every
   * callback, its own ones too.
   */
  cancel(): void {
    const token = this.token;
    if (token == 0) return;
    forget(this);
    const before = actFor(this.pluginContextId);
    succeeded(utf8("proxy_grpc_cancel"), proxy_grpc_cancel(token));
    actAsBefore(before);
  }

  /** For the SDK, as all that follows: what it is when it is refused. @internal */
  abstract get refusedAs(): Refused;
  /** For the SDK: asks the host, which has then left the number. The names leave the plain ones to filters. @internal */
  abstract askHost(request: GrpcRequest, grpcService: Bytes, metadata: Bytes): bool;
  /** For the SDK: nothing was sent. @internal */
  abstract dispatchUnsent(): void;
  /** For the SDK: what the host has of the answer. @internal */
  abstract dispatchInitialMetadata(fieldCount: i32): void;
  /** For the SDK. @internal */
  abstract dispatchMessage(length: i32): void;
  /** For the SDK. @internal */
  abstract dispatchTrailingMetadata(): void;
  /** For the SDK. @internal */
  abstract dispatchClose(status: i32): void;
}

/** All that are open, by the host's numbers. */
// @ts-ignore: decorator
@lazy
let open: Map<u32, GrpcExchange> | null = null;

/** The latest one of each HTTP stream that has any, by the stream's number. */
// @ts-ignore: decorator
@lazy
let latestOf: Map<u32, GrpcExchange> | null = null;

/**
 * Begins a call, or a stream, for an HTTP stream, or for a plugin, which has none. False when nothing was sent, of which
 * the exchange is told unless it asked when it must not.
 */
export function begin(exchange: GrpcExchange, stream: Context | null, request: GrpcRequest): bool {
  const kind = exchange.refusedAs;
  const name = kind == Refused.GrpcCall ? utf8("a gRPC call") : utf8("a gRPC stream");
  const problem = whyNot(exchange, stream);
  if (problem !== null) return refuse(kind, name, problem);
  const running = actFor(stream === null ? 0 : stream.parentContextId);
  const token = send(exchange, request);
  exchange.pluginContextId = actorOf(null);
  actAsBefore(running);
  if (token != 0) keep(exchange, stream, token);
  else if (mayTellUnsent(kind, name)) {
    const before = actAs(actorOf(stream));
    exchange.dispatchUnsent();
    actAsBefore(before);
    afterUnsent();
  }
  return token != 0;
}

/** The host's number; 0 when it refuses. */
function send(exchange: GrpcExchange, request: GrpcRequest): u32 {
  const grpcService = request.encodeService();
  if (grpcService === null) return 0;
  return exchange.askHost(request, grpcService, request.encodeMetadata()) ? resultNumber<u32>() : 0;
}

/** Why an object may not begin now; null when it may. */
function whyNot(exchange: GrpcExchange, stream: Context | null): Bytes | null {
  if (exchange.isOpen)
    return utf8("this object's last one is still open: use another object, or cancel() it first");
  if (stream === null) return null;
  const isGone = findContext(stream.contextId) !== stream;
  const isOver = isGone || (isOwnCallback(stream.contextId) && runningCallback() >= Callback.Log);
  return isOver ? utf8("the stream is over: let the plugin do it") : null;
}

/** Keeps what the host has sent. */
function keep(exchange: GrpcExchange, stream: Context | null, token: u32): void {
  exchange.token = token;
  exchange.stream = stream;
  all().set(token, exchange);
  if (stream === null) return;
  const owners = allOwners();
  exchange.nextOfStream = owners.has(stream.contextId) ? owners.get(stream.contextId) : null;
  owners.set(stream.contextId, exchange);
}

/** What the host means by a number; null when it is over, or was never sent. */
export function find(token: u32): GrpcExchange | null {
  const exchanges = open;
  return exchanges !== null && exchanges.has(token) ? exchanges.get(token) : null;
}

/** Forgets one that is over. */
export function forget(exchange: GrpcExchange): void {
  all().delete(exchange.token);
  exchange.token = 0;
  const stream = exchange.stream;
  exchange.stream = null;
  if (stream !== null) unlink(exchange, stream.contextId);
}

/** Gives up all that an HTTP stream has open, which is over. */
export function endExchangesOf(contextId: u32): void {
  const owners = latestOf;
  if (owners === null) return;
  while (owners.has(contextId)) owners.get(contextId).cancel();
}

function unlink(exchange: GrpcExchange, contextId: u32): void {
  const owners = allOwners();
  const next = exchange.nextOfStream;
  exchange.nextOfStream = null;
  let before = owners.get(contextId);
  if (before !== exchange) {
    while (before.nextOfStream !== exchange) before = changetype<GrpcExchange>(before.nextOfStream);
    before.nextOfStream = next;
  } else if (next !== null) owners.set(contextId, next);
  else owners.delete(contextId);
}

function all(): Map<u32, GrpcExchange> {
  let exchanges = open;
  if (exchanges === null) {
    exchanges = new Map<u32, GrpcExchange>();
    open = exchanges;
  }
  return exchanges;
}

function allOwners(): Map<u32, GrpcExchange> {
  let owners = latestOf;
  if (owners === null) {
    owners = new Map<u32, GrpcExchange>();
    latestOf = owners;
  }
  return owners;
}
