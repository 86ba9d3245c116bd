import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import { type LightHost, PLUGIN } from "../host/light-host.ts";
import type { GrpcExchange } from "../host/state.ts";
import { ownText, reportOf } from "./grpc-ends.ts";
import { fieldName, hostFields, hostile, place, written } from "./hostile.ts";
import { operation, type Step } from "./steps.ts";
import { agree, type World } from "./world.ts";

/** What the host has of an answer. */
export interface GrpcEvent {
  readonly kind: "grpc";
  readonly part: "initial" | "message" | "trailing" | "close";
  /** Which of those that there were, open or not; with -1, none. */
  readonly which: number;
  readonly fields: readonly Field[];
  readonly text: string;
  readonly status: number;
}

const text = fc.oneof(
  hostile,
  hostile.map((said) => said + ownText),
  fc.constantFrom(
    "via_upstream",
    "x{response_timeout}",
    "upstream_reset_before_response{connect}",
    "%C3%bc%4{via_upstream}",
    "{via_upstream}",
  ),
);

/** Parts of answers, in whatever order. */
export const grpcEvent: fc.Arbitrary<GrpcEvent> = fc.record({
  kind: fc.constant("grpc" as const),
  part: fc.constantFrom(
    "initial" as const,
    "message" as const,
    "message" as const,
    "trailing" as const,
    "close" as const,
  ),
  which: fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constant(0)),
  fields: fc.oneof(hostFields, fc.constant([])),
  text,
  status: fc.oneof(fc.constantFrom(0, 4, 13, 14), fc.integer({ min: -1, max: 17 })),
});

/** gRPC calls and streams; `after` are the steps of their first callback. */
// A table: one line an operation.
// prettier-ignore
export const grpcOperations = (after: fc.Arbitrary<Step[]>) => {
  const slot = fc.nat({ max: 1 }).map((code) => ({ code }));
  const cluster = fc.oneof({ weight: 5, arbitrary: fc.constant("auth") }, { weight: 1, arbitrary: hostile });
  const service = fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 1, arbitrary: hostile }, { weight: 1, arbitrary: fc.constant("\n\x06\n\x04auth") });
  const then = after.map((steps) => ({ first: [{ model: "grpc" }], steps }));
  const request = [slot, cluster, hostile, fieldName, service, written] as const;
  return [
    operation("Grpc.Call", fc.tuple(...request, hostile, place, fc.boolean(), fc.boolean(), then), (_, world, said) => own(world, said)),
    operation("Grpc.Open", fc.tuple(...request, fc.boolean(), fc.boolean(), then), (_, world, said) => own(world, said)),
    operation("Grpc.Send", fc.tuple(slot, fc.oneof(hostile, fc.constant("a last word")), fc.boolean())),
    operation("Grpc.CloseStream", fc.tuple(slot)),
    operation("Grpc.Cancel", fc.tuple(fc.boolean(), slot)),
  ];
};

/** Notes which stream an exchange belongs to, 0 for the plugin; the first one says it. */
function own(world: World, said: string): string {
  const [token = 0, owner = 0] = said.split(" ").map(Number);
  const exchange = world.state.exchanges.find((each) => each.token === token);
  if (token !== 0 && exchange?.isOpen !== true) throw new Error(`exchange ${token} is not open`);
  if (exchange !== undefined) exchange.owner ??= owner;
  return said;
}

/** Throws when a stream that is over has left anything open. */
export function refuseLeftovers(exchanges: readonly GrpcExchange[], context: number): void {
  const left = exchanges.filter(({ isOpen, owner }) => isOpen && owner === context);
  agree(`what stream ${context} has left open`, left.length, 0);
}

/** Hands a part of an answer over; what the guest reports must be this, once, or nothing when nobody awaits it. */
export function tellGrpc(host: LightHost, world: World, event: GrpcEvent): void {
  const { state } = host;
  const open = state.exchanges.filter(({ isOpen }) => isOpen);
  const exchange = event.which < 0 ? undefined : (open[event.which] ?? state.exchanges[event.which]);
  const isAwaited = exchange?.isOpen === true;
  world.grpc = isAwaited ? reportOf(event, exchange) : null;
  state.maps[4] = state.maps[5] = [...event.fields];
  state.buffers[5] = event.text;
  Object.assign(state.grpcStatus, { code: event.status, text: event.text });
  if (isAwaited) begin(exchange, event);
  const { callback, number } = callbackOf(event);
  host.call(callback, PLUGIN, exchange?.token ?? 4_711, number);
  if (isAwaited && event.part === "close") exchange.isOpen = false;
  state.maps[4] = state.maps[5] = [];
  state.buffers[5] = "";
  Object.assign(state.grpcStatus, { code: 0, text: "" });
}

/** A call is over with its first message or its end, before the guest is told; a stream when the guest has been. */
function begin(exchange: GrpcExchange, { part, fields }: GrpcEvent): void {
  if (part === "trailing" || (part === "initial" && fields.length === 0)) exchange.isEnding = true;
  if (!exchange.isStream && (part === "message" || part === "close")) exchange.isOpen = false;
}

function callbackOf({ part, fields, text, status }: GrpcEvent): { callback: string; number: number } {
  if (part === "message") return { callback: "proxy_on_grpc_receive", number: text.length };
  if (part === "close") return { callback: "proxy_on_grpc_close", number: status };
  return { callback: `proxy_on_grpc_receive_${part}_metadata`, number: fields.length };
}
