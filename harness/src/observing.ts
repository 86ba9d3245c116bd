import type { AccessLogWanted, Observing } from "./backend.ts";
import { HarnessError } from "./errors.ts";
import { logLevels, type LogLevel } from "./observation.ts";
import { oneOf, refuseUnknownOptions } from "./options.ts";

/**
 * What the access log is to have of each stream beside its fields, by names.
 *
 * @category Start a proxy
 */
export interface AccessLogOptions {
  /** Of the request's headers, as they are when the stream is over. */
  requestHeaders?: readonly string[];
  /** Of the response's headers. */
  responseHeaders?: readonly string[];
  /** Of the response's trailers. */
  responseTrailers?: readonly string[];
  /** Of the objects in the filter state; what a Wasm filter sets has the prefix `wasm.`. */
  filterState?: readonly string[];
}

/**
 * What a real Envoy is asked to say of its work.
 *
 * @category Start a proxy
 */
export interface ObservingOptions {
  /** Entries of `proxy.accessLog` have all of `StreamDetails`, and these. Default false: four fields. */
  accessLog?: boolean | AccessLogOptions;
  /** Every stream is traced: `proxy.spans`. Default false. */
  tracing?: boolean;
  /** The levels of Envoy's loggers, `{ router: "debug" }`, for `proxy.envoyLogs`. Default `info` for each. */
  envoyLogLevels?: Readonly<Record<string, LogLevel>>;
}

export const observingOptionNames = ["accessLog", "tracing", "envoyLogLevels"] as const;
const accessLogOptionNames = ["requestHeaders", "responseHeaders", "responseTrailers", "filterState"];

/** As backends take it. Refused with `invalid_input`. */
export function observingOf({
  accessLog = false,
  tracing = false,
  envoyLogLevels = {},
}: ObservingOptions): Observing {
  for (const [logger, level] of Object.entries(envoyLogLevels)) {
    oneOf(`envoyLogLevels.${logger}`, level, logLevels);
    refuseOwnLogger(logger);
  }
  return { accessLog: accessLogOf(accessLog), isTraced: tracing, logLevels: envoyLogLevels };
}

function accessLogOf(wanted: boolean | AccessLogOptions): AccessLogWanted | null {
  if (wanted === false) return null;
  const options = wanted === true ? {} : wanted;
  refuseUnknownOptions("accessLog", options, accessLogOptionNames);
  return { requestHeaders: [], responseHeaders: [], responseTrailers: [], filterState: [], ...options };
}

function refuseOwnLogger(logger: string): void {
  if (logger === "wasm")
    throw new HarnessError("invalid_input", "envoyLogLevels: the level of wasm is the option logLevel");
  if (logger === "admin")
    throw new HarnessError("invalid_input", "envoyLogLevels: admin is what the harness itself listens to");
}

/** Refuses with `unsupported` what a backend without an Envoy cannot be asked for. */
export function refuseObserving({ accessLog, isTraced, logLevels: levels }: Observing): void {
  if (accessLog !== null) throw withoutEnvoy("has four fields in its access log", "access-log");
  if (isTraced) throw withoutEnvoy("has no traces", "tracing");
  if (Object.keys(levels).length > 0) throw withoutEnvoy("has no log of Envoy's", "envoy-log");
}

/** Why something is not there, and how a test says that it needs it. */
export function withoutEnvoy(what: string, need: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `the embedded backend ${what}: say needs: ["${need}"], and run this test in a real Envoy (vitest --project envoy)`,
  );
}

/** As `withoutEnvoy`, of what only the embedded backend has. */
export function withoutEmbedded(what: string, need: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `a real Envoy ${what}: say needs: ["${need}"], and run this test in the embedded backend (vitest --project embedded)`,
  );
}
