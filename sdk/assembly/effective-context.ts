import { proxy_set_effective_context } from "./abi/imports";
import { callbackSerial } from "./callbacks";

let running: u32 = 0;
let runningIn: u32 = 0;

/** Notes that the callback which has just begun is one of this stream. */
export function runAs(contextId: u32): void {
  running = contextId;
  runningIn = callbackSerial();
}

/** The context whose callback is known to run; 0 when none is. */
export function runningContext(): u32 {
  return runningIn == callbackSerial() ? running : 0;
}

/** Notes that the callback which a nested one has interrupted runs again; `contextId` is what `runningContext` said in it. */
export function runAgainAs(contextId: u32): void {
  if (contextId == 0) runningIn = 0;
  else runAs(contextId);
}

/** Whether the host's calls act on this context, because the running callback is its own. */
export function isRunningAs(contextId: u32): bool {
  return running == contextId && runningIn == callbackSerial();
}

/**
 * Lets the host calls that follow act on a stream, whosever callback runs; `actAsBefore` ends it. Without it a reply to,
 * or a resumption of, a stream from a timer or a callout goes nowhere, and the host says Ok.
 */
export function actAs(contextId: u32): void {
  if (!isRunningAs(contextId)) proxy_set_effective_context(contextId);
}

/** Ends `actAs`: the host calls that follow act on the running callback's own context, else on the stream's plugin. */
export function actAsBefore(contextId: u32, pluginContextId: u32): void {
  if (isRunningAs(contextId)) return;
  proxy_set_effective_context(runningIn == callbackSerial() ? running : pluginContextId);
}
