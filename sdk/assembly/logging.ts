import { proxy_get_log_level, proxy_log } from "./abi/imports";
import { resultNumber, resultSlot } from "./abi/memory";
import { LogLevel, Status } from "./abi/types";
import { Bytes } from "./bytes";
import { Callback, callbackSerial, runningCallback } from "./callbacks";

let level: LogLevel = LogLevel.Trace;
let levelReadIn: u32 = 0;

/**
 * Log lines, which the host prefixes with plugin and root_id. The SDK's transform puts `if (log.isOn(level))`
 * before each call, so that the message of a line that nobody wants is never formatted, nor any expression in it
 * evaluated. Valid in every callback and while the module is initialised. Source: proxy-wasm ABI 0.2.1, "Logging".
 *
 * @category Logging
 */
export namespace log {
  /** Follows a single request through the filter. */
  export function trace(message: string): void {
    write(LogLevel.Trace, message);
  }

  /** Helps whoever writes the filter. */
  export function debug(message: string): void {
    write(LogLevel.Debug, message);
  }

  /** Tells an operator what happens. */
  export function info(message: string): void {
    write(LogLevel.Info, message);
  }

  /** Something is odd, and the filter copes. */
  export function warn(message: string): void {
    write(LogLevel.Warn, message);
  }

  /** Something failed; a person has to look. */
  export function error(message: string): void {
    write(LogLevel.Error, message);
  }

  /** The filter cannot go on. */
  export function critical(message: string): void {
    write(LogLevel.Critical, message);
  }

  /**
   * Whether the host keeps lines of this level. The host's level is read once in each outermost callback; while the
   * module is initialised it cannot be read, and every level counts as on.
   */
  export function isOn(wanted: LogLevel): bool {
    if (runningCallback() == Callback.None) return true;
    if (levelReadIn != callbackSerial()) readLevel();
    return wanted >= level;
  }

  /** Logs a line at a level, unless the host would drop it. */
  export function write(wanted: LogLevel, message: string): void {
    if (log.isOn(wanted)) log.writeBytes(wanted, Bytes.fromString(message));
  }

  /** Logs a line of bytes, which need not be UTF-8, at a level, unless the host would drop it. */
  export function writeBytes(wanted: LogLevel, message: Bytes): void {
    if (log.isOn(wanted)) proxy_log(wanted, message.start, message.length);
  }
}

/** For the SDK: logs a line at error. Its own messages are bytes, so that a module need not contain what encodes text. */
export function logError(message: Bytes): void {
  log.writeBytes(LogLevel.Error, message);
}

function readLevel(): void {
  levelReadIn = callbackSerial();
  const answered = proxy_get_log_level(resultSlot()) == Status.Ok;
  level = answered ? resultNumber<i32>() : LogLevel.Trace;
}
