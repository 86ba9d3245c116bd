import { proxy_set_effective_context } from "./abi/imports";
import { callbackSerial, changeTurn } from "./callbacks";

let running: u32 = 0;
let runningIn: u32 = 0;

/** Notes that the callback which has just begun is one of this plugin or stream. */
export function runAs(contextId: u32): void {
  running = contextId;
  runningIn = callbackSerial();
}

/** Whether the host's calls act on this context: the running callback is its own, or acts as it. */
export function isRunningAs(contextId: u32): bool {
  return running == contextId && runningIn == callbackSerial();
}

/**
 * Lets the host calls that follow act on a stream, whosever callback runs; returns what `actAsBefore` needs to end it.
 * Without it a reply to, or a resumption of, a stream from a timer or a callout goes nowhere, and the host says Ok.
 */
export function actAs(contextId: u32): u32 {
  const before = runningIn == callbackSerial() ? running : 0;
  if (before != contextId) change(contextId);
  return before;
}

/** Ends `actAs`: the host calls that follow act on what they acted on before, else on the stream's plugin. */
export function actAsBefore(before: u32, pluginContextId: u32): void {
  if (!isRunningAs(before)) change(before != 0 ? before : pluginContextId);
}

/** What was read of the one context is not true of the other. */
function change(contextId: u32): void {
  proxy_set_effective_context(contextId);
  runAs(contextId);
  changeTurn();
}
