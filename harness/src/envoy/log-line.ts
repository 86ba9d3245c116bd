import type { LogLevel } from "../observation.ts";

/** One entry of Envoy's own log. */
export interface LogLine {
  readonly level: LogLevel;
  /** Envoy's name for the part that speaks: `wasm`, `admin`, `config`. */
  readonly logger: string;
  readonly text: string;
  /** Who speaks: the main thread or a worker, as the system numbers them; "" where the format does not say. */
  readonly thread: string;
  /** When, since the epoch; 0 where the format does not say. */
  readonly seconds: number;
  /** Nanoseconds in that second. */
  readonly nanos: number;
}

/** For `--log-format`, with `--log-format-escaped`: one entry is one line, whatever a filter logs. */
export const logFormat = "%l %n %v";
/** As `logFormat`, with the moment and the thread before it. */
export const timedLogFormat = `%E.%F %t ${logFormat}`;

const entry = /^(?:(\d+)\.(\d{9}) (\d+) )?(trace|debug|info|warning|error|critical) (\S+) (.*)$/;

/** Reads one line of stderr; null when something other than Envoy's logger wrote it, V8 for one. */
export function parseLogLine(line: string): LogLine | null {
  const [, seconds = "0", nanos = "0", thread = "", level, logger, text] = entry.exec(line) ?? [];
  if (level === undefined || logger === undefined || text === undefined) return null;
  return {
    level: level === "warning" ? "warn" : (level as LogLevel),
    logger,
    text: unescaped(text),
    thread,
    seconds: Number(seconds),
    nanos: Number(nanos),
  };
}

const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Undoes Envoy's C escapes, which leave only printable ASCII; the bytes are then read as UTF-8. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes = text.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (named[code] ?? code),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Envoy varies the white space of its messages and adds markers, so that nobody matches them. */
export function normalised(text: string): string {
  return text
    .replaceAll(/goo\.gle\/debug\w*/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
