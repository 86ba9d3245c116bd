import { type GuestMemory, Misdeed } from "./guest-memory.ts";
import { acceptPairs } from "./message-calls.ts";
import { type HostState, Status } from "./state.ts";

const INFO = 2;

/** What steers streams; what crashes or confuses Envoy 1.40 is a misdeed. */
export function streamCalls(state: HostState, guest: () => GuestMemory) {
  const closed = new Set<number>();
  const mustSteer = (what: string): void => {
    const isOver = /^proxy_on_(log|done|delete)$/.test(state.callback);
    if (isOver || !state.streams.has(state.effective))
      throw new Misdeed(`${what} of stream ${state.effective} in ${state.callback}`);
    const isOwnAnswer = what === "continue 1" && state.answersShown.has(state.effective);
    if (state.answered.has(state.effective) && (closed.has(state.effective) || !isOwnAnswer))
      throw new Misdeed(`${what} of a stream that was answered`);
    state.asked.push(what);
  };
  return {
    proxy_send_local_response: (status: number, ...rest: number[]) => {
      mustSteer(`respond ${status}`);
      if (status < 200 || status > 599) throw new Misdeed(`status ${status}`);
      const [details = 0, detailsLength = 0, body = 0, bodyLength = 0, pairs = 0, pairsLength = 0] = rest;
      guest().text(details, detailsLength);
      guest().text(body, bodyLength);
      acceptPairs(guest().text(pairs, pairsLength));
      state.answered.add(state.effective);
      return Status.Ok;
    },
    proxy_continue_stream: (type: number) => {
      mustSteer(`continue ${type}`);
      if (type === 0) state.resumed.add(state.effective);
      return Status.Ok;
    },
    proxy_close_stream: (type: number) => {
      mustSteer(`close ${type}`);
      state.answered.add(state.effective);
      closed.add(state.effective);
      return Status.Ok;
    },
    proxy_set_effective_context: (context: number) => {
      if (context !== 1 && !state.streams.has(context)) return Status.BadArgument;
      state.effective = context;
      return Status.Ok;
    },
    proxy_http_call: (...parameters: number[]) => call(state, guest(), parameters),
  };
}

function call(state: HostState, guest: GuestMemory, parameters: readonly number[]): number {
  const [cluster = 0, clusterLength = 0, headers = 0, headersLength = 0] = parameters;
  const [body = 0, bodyLength = 0, trailers = 0, trailersLength = 0, timeoutMs = 0, out = 0] =
    parameters.slice(4);
  const names = acceptPairs(guest.text(headers, headersLength)).map(([name]) => name);
  acceptPairs(guest.text(trailers, trailersLength));
  guest.text(body, bodyLength);
  if (timeoutMs === 0) throw new Misdeed("a callout without a timeout");
  const isComplete = [":method", ":path", ":authority"].every((name) => names.includes(name));
  if (guest.text(cluster, clusterLength) === "" || !isComplete) return Status.BadArgument;
  const token = 4 * (state.callouts.length + 1);
  state.callouts.push({ token, timeoutMs });
  guest.writeU32(out, token);
  return Status.Ok;
}

/** Logs, clocks and ticks. */
export function environmentCalls(state: HostState, guest: () => GuestMemory) {
  return {
    proxy_log: (level: number, at: number, length: number) => {
      const line = guest().text(at, length);
      if (level === INFO) state.onReport(line);
      return Status.Ok;
    },
    proxy_get_log_level: (out: number) => {
      guest().writeU32(out, state.logLevel);
      return Status.Ok;
    },
    proxy_get_current_time_nanoseconds: (out: number) => {
      guest().writeU64(out, state.nowNanos);
      return Status.Ok;
    },
    proxy_set_tick_period_milliseconds: (periodMs: number) => {
      state.tickMs = periodMs >>> 0;
      state.tickSetNanos = state.nowNanos;
      return Status.Ok;
    },
  };
}

/** What the SDK takes from WASI. */
export function wasiCalls(state: HostState, guest: () => GuestMemory) {
  return {
    clock_time_get: (_: number, __: bigint, out: number) => {
      guest().writeU64(out, state.nowNanos);
      return 0;
    },
    random_get: (at: number, length: number) => {
      guest().fill(at, length, 0x37);
      return 0;
    },
  };
}
