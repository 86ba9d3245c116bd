import { grpcCalls } from "./grpc-calls.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { bufferCalls, fieldCalls, propertyCalls } from "./message-calls.ts";
import { metricCalls, sharedCalls } from "./plugin-calls.ts";
import type { HostState } from "./state.ts";
import { environmentCalls, streamCalls, wasiCalls } from "./stream-calls.ts";

export type HostCall = (...parameters: never[]) => number;

/** What a call of the host answers in place of the right thing: a status, or this: Ok, and no result. */
export const EMPTY_RESULT = -1;
export type Fault = number;

/** Faults by host call, without `proxy_`: its calls take them by turns, 0 stands for none. */
export type Faults = Readonly<Record<string, readonly Fault[]>>;

/** The host functions; `guest` gives the memory, which there is only once the module runs. */
export function importsOf(state: HostState, guest: () => GuestMemory, faults: Faults): WebAssembly.Imports {
  const calls = {
    ...fieldCalls(state, guest),
    ...bufferCalls(state, guest),
    ...propertyCalls(state, guest),
    ...sharedCalls(state, guest),
    ...metricCalls(state, guest),
    ...streamCalls(state, guest),
    ...environmentCalls(state, guest),
    ...grpcCalls(state, guest),
    proxy_done: () => (state.endings-- > 0 ? 0 : 1),
  };
  const env = Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      name,
      withFaults(call as HostCall, faults[name.slice("proxy_".length)] ?? []),
    ]),
  );
  const { clock_time_get, random_get } = wasiCalls(state, guest);
  const clock = withFaults(clock_time_get, faults["clock_time_get"] ?? []);
  return { env, wasi_snapshot_preview1: { clock_time_get: clock, random_get } };
}

function withFaults(call: HostCall, faults: readonly Fault[]): HostCall {
  let count = 0;
  if (faults.length === 0) return call;
  return (...parameters) => {
    const fault = faults[count++ % faults.length] ?? 0;
    if (fault === EMPTY_RESULT) return 0;
    return fault === 0 ? call(...parameters) : fault;
  };
}
