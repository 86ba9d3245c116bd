import { random_get } from "../abi/imports";
import { resultNumber, resultSlot } from "../abi/memory";
import { LogLevel } from "../abi/types";
import { utf8 } from "../bytes";
import { currentTimeNanos } from "../clocks";
import { succeeded } from "../host-calls";
import { log } from "../logging";

/**
 * What `Math.random` starts from: 8 bytes of WASI's random source or, where the host refuses them, which is logged at
 * error, the time. Valid in every phase.
 */
export function seed(): f64 {
  const isRandom = succeeded(utf8("random_get"), random_get(resultSlot(), 8));
  return isRandom ? resultNumber<f64>() : <f64>currentTimeNanos();
}

/** AssemblyScript's built-in `trace`: the message and up to five numbers, at trace level. */
export function trace(
  message: string,
  count: i32 = 0,
  a0: f64 = 0,
  a1: f64 = 0,
  a2: f64 = 0,
  a3: f64 = 0,
  a4: f64 = 0,
): void {
  if (!log.isOn(LogLevel.Trace)) return;
  const numbers = StaticArray.fromArray<f64>([a0, a1, a2, a3, a4]);
  for (let i = 0; i < min(count, numbers.length); i++)
    message += (i == 0 ? " " : ", ") + numbers[i].toString();
  log.write(LogLevel.Trace, message);
}
