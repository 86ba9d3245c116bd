import fc from "fast-check";
import { type LightHost, PLUGIN } from "../host/light-host.ts";
import { alike, hostile, place } from "./hostile.ts";
import { Scribe, type Step } from "./steps.ts";
import { agree } from "./world.ts";
import { type Direction, WireModel } from "./wire-model.ts";

const connection = 2;
const nanosPerMs = 1_000_000n;

/** A callback of a connection, what is done in it, and how much has come. */
export interface WireEvent {
  readonly kind:
    "connect" | "downstream" | "upstream" | "closeDown" | "closeUp" | "tick" | "answer" | "web" | "over";
  readonly bytes: string;
  readonly isEnd: boolean;
  readonly isToPause: boolean;
  readonly steps: readonly Step[];
}

const upstream = fc.boolean();
const noDirection = fc.constant(false);
const step = (op: string, ...operands: fc.Arbitrary<Step["operands"][number]>[]): fc.Arbitrary<Step> =>
  fc.tuple(...operands).map((values) => ({ op: `Wire.${op}`, operands: values }));

const someStep = fc.oneof(
  step("Size", upstream),
  step("Read", upstream, place, place),
  step("Replace", upstream, hostile),
  step("Append", upstream, hostile),
  step("Prepend", upstream, hostile),
  fc.tuple(upstream, alike).map(([of, both]): Step => ({ op: "Wire.ReplaceEach", operands: [of, ...both] })),
  step("Drain", upstream, place),
  step("Resume", noDirection),
  step("Resume", noDirection),
  step("CloseDownstream", noDirection),
  step("CloseUpstream", noDirection),
  step("Call", noDirection, fc.constantFrom("auth", "auth", "")),
);

const event: fc.Arbitrary<WireEvent> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("downstream" as const, "upstream" as const) },
    { weight: 3, arbitrary: fc.constantFrom("tick" as const, "answer" as const, "connect" as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("closeDown" as const, "closeUp" as const, "web" as const, "over" as const),
    },
  ),
  bytes: hostile,
  isEnd: fc.constantFrom(false, false, true),
  isToPause: fc.boolean(),
  steps: fc.array(someStep, { maxLength: 3 }),
});

/** Twelve callbacks, mostly in an order that there is, beginning with a connection. */
export const wireEvents: fc.Arbitrary<WireEvent[]> = fc
  .tuple(event, fc.array(event, { minLength: 11, maxLength: 11 }))
  .map(([first, rest]) => [{ ...first, kind: "connect" }, ...rest]);

/** What connections carry is what the model says, in whatever order callbacks come; nothing that is over is steered. */
export function wiresCarry(host: LightHost, events: readonly WireEvent[], isModelled: boolean): void {
  const { state } = host;
  const scribe = new Scribe();
  const model = new WireModel(state);
  state.onReport = (report) => {
    const { step: told, said } = scribe.read(report);
    const expected = model.expects(told.op.slice("Wire.".length), told.operands);
    if (isModelled && expected !== null) agree(`the report of ${told.op}`, said, expected);
  };
  state.properties.set("plugin_root_id", "wires");
  host.configure();
  host.openStream(connection);
  for (const each of events) {
    const text = String.fromCharCode(Number(each.isToPause)) + scribe.script(each.steps);
    state.properties.set("script", text);
    tell(host, model, each);
  }
}

function tell(host: LightHost, model: WireModel, { kind, bytes, isEnd }: WireEvent): void {
  const { state } = host;
  if (kind === "connect") host.call("proxy_on_new_connection", connection);
  if (kind === "downstream" || kind === "upstream") carry(host, model, kind, bytes, isEnd);
  if (kind === "closeDown") {
    state.answered.add(connection);
    model.hide("downstream");
    host.call("proxy_on_downstream_connection_close", connection, 2);
  }
  if (kind === "closeUp") host.call("proxy_on_upstream_connection_close", connection, 0);
  if (kind === "tick") tick(host);
  if (kind === "answer")
    host.call("proxy_on_http_call_response", PLUGIN, state.callouts.at(-1)?.token ?? 1, 0, 0, 0);
  if (kind === "web") host.call("proxy_on_request_headers", 77, 1, 1);
  if (kind === "over") end(host, model);
}

function carry(host: LightHost, model: WireModel, direction: Direction, bytes: string, isEnd: boolean): void {
  if (!host.state.streams.has(connection)) return;
  const size = model.receive(direction, bytes);
  const action = host.call(`proxy_on_${direction}_data`, connection, size, Number(isEnd));
  model.settle(direction, action);
}

function tick(host: LightHost): void {
  host.state.nowNanos += BigInt(host.state.tickMs) * nanosPerMs;
  host.call("proxy_on_tick", PLUGIN);
}

function end(host: LightHost, model: WireModel): void {
  const { state } = host;
  state.answered.add(connection);
  host.call("proxy_on_done", connection);
  host.call("proxy_on_log", connection);
  state.streams.delete(connection);
  host.call("proxy_on_delete", connection);
  model.isOver = true;
  model.hide("downstream");
  model.hide("upstream");
}
