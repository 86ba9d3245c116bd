import { type LightHost, PLUGIN } from "../host/light-host.ts";
import { agree } from "../told/world.ts";
import type { FilterEvent, FilterSession, FilterStream } from "./sessions.ts";

const nanosPerMs = 1_000_000n;
const CONTINUE = 0;

/** A filter, and what it may ask its host for: `continue 0`, `respond 429`. */
export interface Asking {
  readonly rootId: string;
  readonly mayAsk: RegExp;
}

/**
 * Takes a filter through a session, its streams open together: nothing traps, no more is asked for than the filter may, a
 * request that is held is let go by what it waits for or abandoned, and what is over leaves nothing open. The contexts of
 * the requests that went on; null when the configuration was refused.
 */
export function filterHandles(
  host: LightHost,
  { rootId, mayAsk }: Asking,
  session: FilterSession,
): number[] | null {
  const { state } = host;
  for (const [name, value] of Object.entries(session.properties)) state.properties.set(name, value);
  state.properties.set("plugin_root_id", rootId);
  if (!host.configure(Buffer.from(JSON.stringify(session.configuration)).toString("latin1"))) return null;
  state.rivals = session.rivals;
  const contexts = session.streams.map((_, i) => PLUGIN + 1 + i);
  const unheld = contexts.filter((context, i) => goesOn(host, context, session.streams[i]));
  const passed = contexts.filter(
    (context) => !state.answered.has(context) && (unheld.includes(context) || state.resumed.has(context)),
  );
  for (const context of passed) respond(host, context, session.streams[context - PLUGIN - 1]);
  for (const context of contexts) end(host, context);
  for (const asked of state.asked) if (!mayAsk.test(asked)) throw new Error(`it did ${asked}`);
  agree("calls that nobody waits for", state.exchanges.filter(({ isOpen }) => isOpen).length, 0);
  return passed;
}

/** Opens a stream with its request, and what happens then; whether the request is not held. */
function goesOn(host: LightHost, context: number, stream: FilterStream | undefined): boolean {
  const { request = [], events = [] } = stream ?? {};
  host.openStream(context);
  host.state.maps[0] = [...request];
  const action = host.call("proxy_on_request_headers", context, request.length, 1);
  for (const event of events) happen(host, event);
  return action === CONTINUE;
}

function respond(host: LightHost, context: number, stream: FilterStream | undefined): void {
  const { state } = host;
  const { response = [], chunks = [], trailers = null } = stream ?? {};
  const lasts = (i: number): boolean => trailers === null && i === chunks.length - 1;
  const step = (callback: string, ...parameters: number[]): void => {
    if (!state.answered.has(context)) host.call(callback, context, ...parameters);
  };
  state.maps[2] = [...response];
  step("proxy_on_response_headers", response.length, Number(chunks.length === 0 && trailers === null));
  state.buffers[1] = "";
  for (const [i, chunk] of chunks.entries()) {
    state.buffers[1] += chunk;
    step("proxy_on_response_body", state.buffers[1].length, Number(lasts(i)));
    happen(host, { kind: "tick", by: 1 });
  }
  state.maps[3] = [...(trailers ?? [])];
  if (trailers !== null) step("proxy_on_response_trailers", trailers.length);
  for (let i = 0; i < 3; i++) happen(host, { kind: "tick", by: 1 });
}

function end(host: LightHost, context: number): void {
  for (const callback of ["proxy_on_log", "proxy_on_done"]) host.call(callback, context);
  host.state.streams.delete(context);
  host.call("proxy_on_delete", context);
}

function happen(host: LightHost, event: FilterEvent): void {
  const { state } = host;
  if (event.kind === "tick") {
    if (state.tickMs === 0) return;
    state.nowNanos += BigInt(event.by) * BigInt(state.tickMs) * nanosPerMs;
    host.call("proxy_on_tick", PLUGIN);
    return;
  }
  const exchange = state.exchanges.find(({ isOpen }) => isOpen);
  if (exchange === undefined) return;
  exchange.isOpen = false;
  if (event.kind === "message") {
    state.buffers[5] = event.bytes;
    host.call("proxy_on_grpc_receive", PLUGIN, exchange.token, event.bytes.length);
    return;
  }
  Object.assign(state.grpcStatus, { code: event.status, text: "" });
  host.call("proxy_on_grpc_close", PLUGIN, exchange.token, event.status);
}
