import { clock_time_get, proxy_get_current_time_nanoseconds } from "./abi/imports";
import { resultNumber, resultSlot } from "./abi/memory";
import { Status } from "./abi/types";
import { Callback, runningCallback } from "./callbacks";

const WASI_REALTIME: u32 = 0;
const WASI_MONOTONIC: u32 = 1;

/**
 * The wall clock in nanoseconds since 1970-01-01T00:00:00Z. Valid in every callback and while the module is
 * initialised, where it comes from WASI. 0 when the host does not tell. Source: proxy-wasm ABI 0.2.1, "Clocks".
 *
 * @category Timers and clocks
 */
export function currentTimeNanos(): u64 {
  if (runningCallback() == Callback.None) return wasiTimeNanos(WASI_REALTIME);
  const answered = proxy_get_current_time_nanoseconds(resultSlot()) == Status.Ok;
  return answered ? resultNumber<u64>() : 0;
}

/**
 * A clock that never goes back, whatever becomes of the wall clock, in nanoseconds since some moment; the same for all
 * workers of a proxy. For durations. Valid as `currentTimeNanos` is. Source: WASI, `clock_time_get`.
 *
 * @category Timers and clocks
 */
export function monotonicTimeNanos(): u64 {
  return wasiTimeNanos(WASI_MONOTONIC);
}

function wasiTimeNanos(clock: u32): u64 {
  const answered = clock_time_get(clock, 1, resultSlot()) == 0;
  return answered ? resultNumber<u64>() : 0;
}
