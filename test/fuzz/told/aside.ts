import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import { type LightHost, PLUGIN } from "../host/light-host.ts";
import { maybe } from "./fields.ts";
import { hostFields, hostile } from "./hostile.ts";
import { agree } from "./world.ts";

const stream = 2;
const nanosPerMs = 1_000_000n;

/** A plugin beside the streams, and what the host calls. */
export interface Aside {
  readonly rootId: "logs" | "works";
  readonly events: readonly AsideEvent[];
}

interface AsideEvent {
  readonly kind: "log" | "stream" | "done" | "tick" | "message" | "stranger";
  readonly fields: readonly Field[];
  readonly message: string;
}

const read = fc
  .constantFrom(":path", "sum", "type")
  .chain((name) => hostile.map((value): Field => [name, value.replaceAll("\0", "")]));

/** Ten events. */
export const aside: fc.Arbitrary<Aside> = fc.record({
  rootId: fc.constantFrom("logs" as const, "works" as const),
  events: fc.array(
    fc.record({
      kind: fc.constantFrom(
        "log" as const,
        "log" as const,
        "stream" as const,
        "done" as const,
        "tick" as const,
        "message" as const,
        "stranger" as const,
      ),
      fields: fc.tuple(hostFields, fc.array(read, { maxLength: 2 })).map((lists) => lists.flat()),
      message: fc.oneof(hostile, fc.constant("!")),
    }),
    { minLength: 10, maxLength: 10 },
  ),
});

/** An access logger is told of each stream once, a service ends once it says so, and neither is in a stream's way. */
export function staysAside(host: LightHost, { rootId, events }: Aside): void {
  const said: string[] = [];
  host.state.onReport = (line) => said.push(line);
  host.state.properties.set("plugin_root_id", rootId);
  agree("the verdict", host.configure(), true);
  for (const event of events) {
    said.length = 0;
    agree(
      `what ${rootId} says on ${event.kind}`,
      said,
      expected(host, rootId, event, () => tell(host, rootId, event)),
    );
  }
}

/** What the plugin must say, counted before the host calls it. */
function expected(
  host: LightHost,
  rootId: string,
  { kind, fields, message }: AsideEvent,
  act: () => void,
): string[] {
  const { state } = host;
  const first = (name: string, map: number): string => {
    const field = fields.find(([each]) => each === name);
    return maybe(field && `${field[1]}${map}`);
  };
  const isEnding = state.endings > 0;
  act();
  if (rootId === "logs") return kind === "log" ? [first(":path", 0), first("sum", 3), first("type", 2)] : [];
  if (kind === "done") return ["later"];
  if (kind === "tick") return ["beat"];
  if (kind !== "message" || !(message === "" || message.startsWith("!"))) return [];
  return [isEnding ? "done" : "not done"];
}

function tell(host: LightHost, rootId: string, { kind, fields, message }: AsideEvent): void {
  const { state } = host;
  for (const map of [0, 2, 3]) state.maps[map] = fields.map(([name, value]) => [name, `${value}${map}`]);
  if (kind === "log") host.call("proxy_on_log", PLUGIN);
  if (kind === "stranger") host.call("proxy_on_log", 9_999);
  if (kind === "done") end(host, rootId);
  if (kind === "tick") tick(host);
  if (kind === "message") receive(host, message);
  if (kind === "stream") pass(host);
}

function end(host: LightHost, rootId: string): void {
  const isWorking = rootId === "works";
  if (isWorking) host.state.endings = 1;
  agree("the answer to done", host.call("proxy_on_done", PLUGIN), Number(!isWorking));
}

function tick(host: LightHost): void {
  const { state } = host;
  state.nowNanos += BigInt(Math.max(state.tickMs, 1)) * nanosPerMs;
  host.call("proxy_on_tick", PLUGIN);
}

function receive(host: LightHost, message: string): void {
  const queue = [...host.state.queues.values()][0];
  queue?.push(message);
  host.call("proxy_on_queue_ready", PLUGIN, 1);
}

/** The proxy has the plugin in the wrong place: its stream passes. */
function pass(host: LightHost): void {
  host.openStream(stream);
  agree("the verdict on headers", host.call("proxy_on_request_headers", stream, 1, 1), 0);
  host.call("proxy_on_log", stream);
  host.call("proxy_on_done", stream);
  host.state.streams.delete(stream);
  host.call("proxy_on_delete", stream);
}

/** A filter that the proxy has in the other chain lets nothing by. */
export function misplacedRefuses(host: LightHost, rootId: "wires" | "web", bytes: string): void {
  const { state } = host;
  state.properties.set("plugin_root_id", rootId);
  host.configure();
  host.openStream(stream);
  if (rootId === "web") host.call("proxy_on_new_connection", stream);
  else host.call("proxy_on_request_headers", stream, 1, 1);
  agree("what is asked for", state.asked, [rootId === "web" ? "close 2" : "respond 500"]);
  state.buffers[2] = bytes;
  if (rootId === "web") host.call("proxy_on_downstream_data", stream, bytes.length, 1);
  host.call("proxy_on_log", stream);
  host.call("proxy_on_done", stream);
  host.call("proxy_on_delete", stream);
}
