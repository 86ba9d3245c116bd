import type { LogLevel } from "../observation.ts";
import { timedLogFormat } from "./log-line.ts";
import { isAtLeast } from "./version.ts";

interface Started {
  readonly binary: { readonly version: string };
  /** Worker threads. */
  readonly concurrency: number;
  /** Default 0: what an update replaces is to go at once. */
  readonly drainSeconds?: number;
  /** Of Envoy's `wasm` logger. */
  readonly logLevel: LogLevel;
}

/** One line an entry on stderr, what was asked for from `wasm`, and access log lines as soon as they are written. */
export function flags({ binary, concurrency, drainSeconds, logLevel }: Started): string[] {
  return [
    "--disable-hot-restart",
    ...["--concurrency", String(concurrency)],
    ...["--log-format", timedLogFormat, "--log-format-escaped"],
    ...flushFlags(binary.version),
    ...backendFlags(logLevel, drainSeconds),
  ];
}

/** For an Envoy that serves one proxy after the other. */
export function backendFlags(logLevel: LogLevel, drainSeconds = 0): string[] {
  return [
    ...["--drain-time-s", String(drainSeconds)],
    ...["--component-log-level", `wasm:${envoyLevel(logLevel)},admin:debug`],
  ];
}

/** Access log lines at once. */
export function flushFlags(version: string): string[] {
  return isAtLeast(version, "1.37")
    ? ["--file-flush-min-size-kb", "0", "--file-flush-interval-msec", "1000"]
    : ["--file-flush-interval-msec", "2"]; // the size that is written at once is fixed there
}

/** A level in Envoy's words. */
export function envoyLevel(level: LogLevel): string {
  return level === "warn" ? "warning" : level;
}
