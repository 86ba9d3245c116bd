import type { StreamDetails } from "./stream-details.ts";

/** The levels of proxy-wasm and of Envoy, in the order of their numbers. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "critical"] as const;
/**
 * A log level, from `trace` to `critical`.
 *
 * @category Read what happened
 */
export type LogLevel = (typeof logLevels)[number];

/**
 * A line that a filter logged.
 *
 * @category Read what happened
 */
export interface LogEntry {
  /** The level that the filter logged it at. */
  readonly level: LogLevel;
  /** The line itself, without what the proxy puts before it. */
  readonly message: string;
  /** Where it came from, as Envoy prints it: `header-authz header-authz`, the plugin's name, root_id and vm_id. */
  readonly source: string;
}

/**
 * A line that Envoy logged itself.
 *
 * @category Read what happened
 */
export interface EnvoyLogEntry {
  /** Of the line. */
  readonly level: LogLevel;
  /** The part of Envoy that speaks: `wasm`, `router`, `upstream`. */
  readonly component: string;
  /** The line itself. Envoy varies the white space of some and puts markers into them. */
  readonly message: string;
}

/**
 * The samples of a histogram that are equal by their two significant digits.
 *
 * @category Read what happened
 */
export interface HistogramBucket {
  /** Where the bucket begins; this value belongs to it. */
  readonly lowerBound: number;
  /** Where the next one begins, less `lowerBound`; 0 for the bucket of 0. */
  readonly width: number;
  /** How many samples there are. */
  readonly count: number;
}

/**
 * What was recorded in a histogram.
 *
 * @category Read what happened
 */
export interface HistogramSummary {
  /** How many samples there are. */
  readonly count: number;
  /** Their sum, each rounded down to two significant digits: Envoy keeps no more of them. */
  readonly sum: number;
}

/**
 * What Envoy's access log says of one stream: four fields in every backend, and the rest in a real Envoy when the proxy was
 * started with `accessLog`.
 *
 * @category Read what happened
 */
export interface AccessLogEntry extends Partial<StreamDetails> {
  /** The request's method. */
  readonly method: string;
  /** The request's path with its query, as it is when the stream ends: a filter may have changed it. */
  readonly path: string;
  /** The status sent downstream, 0 when none was. */
  readonly status: number;
  /** `%RESPONSE_CODE_DETAILS%`: `via_upstream`, or the details of the local reply. */
  readonly details: string;
  /** The listener that it came to; of a scenario only, which may have several. */
  readonly listener?: string;
}

/**
 * A callback that ended in a Wasm trap.
 *
 * @category Read what happened
 */
export interface Trap {
  /** The plugin's name, or "" when the backend cannot tell. */
  readonly plugin: string;
  /** The callback in which it happened: `proxy_on_request_headers`. */
  readonly callback: string;
  /** V8's reason, `unreachable`, with what the filter logged at critical right before: `unreachable (out of range at …)`. */
  readonly reason: string;
  /** The innermost line of the filter's own source, `filters/x/index.ts:12:3`, or null without a source map. */
  readonly location: string | null;
  /** The frames, innermost first, each with its own `file:line` where known. */
  readonly backtrace: readonly string[];
}
