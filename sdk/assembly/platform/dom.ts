// What AssemblyScript's standard library takes from its host, on top of the proxy: the SDK's transform points the
// library's `console`, `Date`, `performance` and `crypto` here. Only what a filter reaches is compiled.
import { LogLevel } from "../abi/types";
import { currentTimeNanos, monotonicTimeNanos } from "../clocks";
import { fillRandomly } from "../hashes/random-bytes";
import { log } from "../logging";

const NANOS_PER_MILLI: f64 = 1000000;

/** `console.log` and its kin write to the proxy's log. */
export namespace console {
  export function assert(condition: bool, message: string): void {
    if (!condition) writeLine(LogLevel.Error, "assertion failed: " + message);
  }

  export function log(text: string): void {
    writeLine(LogLevel.Info, text);
  }

  export function debug(text: string): void {
    writeLine(LogLevel.Debug, text);
  }

  export function info(text: string): void {
    writeLine(LogLevel.Info, text);
  }

  export function warn(text: string): void {
    writeLine(LogLevel.Warn, text);
  }

  export function error(text: string): void {
    writeLine(LogLevel.Error, text);
  }

  export function time(label: string): void {
    ERROR("console.time keeps state that outlives a request: take currentTimeNanos() twice");
  }

  export function timeLog(label: string): void {
    ERROR("console.timeLog keeps state that outlives a request: take currentTimeNanos() twice");
  }

  export function timeEnd(label: string): void {
    ERROR("console.timeEnd keeps state that outlives a request: take currentTimeNanos() twice");
  }
}

/** `Date.now` is the proxy's clock, in milliseconds. */
export namespace Date {
  export function now(): f64 {
    return Math.floor(<f64>currentTimeNanos() / NANOS_PER_MILLI);
  }
}

/** `performance.now` is a clock that never goes back, in milliseconds. */
export namespace performance {
  export function now(): f64 {
    return <f64>monotonicTimeNanos() / NANOS_PER_MILLI;
  }
}

/** `crypto.getRandomValues` is WASI's random source; it traps where the host refuses, for keys are made of it. */
export namespace crypto {
  export function getRandomValues(array: Uint8Array): void {
    fillRandomly(array.dataStart, array.length);
  }
}

function writeLine(level: LogLevel, text: string): void {
  log.write(level, text);
}
