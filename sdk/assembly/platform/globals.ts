import { random_get } from "../abi/imports";
import { resultNumber, resultSlot } from "../abi/memory";
import { LogLevel } from "../abi/types";
import { log } from "../logging";

/** What `Math.random` starts from: 8 bytes of WASI's random source. Valid in every phase. */
export function seed(): f64 {
  random_get(resultSlot(), 8);
  return resultNumber<f64>();
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
