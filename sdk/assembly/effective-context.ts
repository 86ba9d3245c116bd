import { proxy_set_effective_context } from "./abi/imports";
import { beginTurn, callbackSerial } from "./callbacks";

let running: u32 = 0;
let runningIn: u32 = 0;
let actors: i32 = 0;

/** Notes that the callback which has just begun is one of this plugin or stream. */
// @ts-ignore: decorator
@inline
export function runAs(contextId: u32): void {
  running = contextId;
  runningIn = callbackSerial();
}

/** What the host's calls act on now, as far as the SDK knows; 0 when it does not. */
export function runningContextId(): u32 {
  return runningIn == callbackSerial() ? running : 0;
}

/** Notes that the callback which a nested one has interrupted runs again; `contextId` is what `runningContextId` said in it. */
export function runAgainAs(contextId: u32): void {
  if (contextId == 0) runningIn = 0;
  else runAs(contextId);
}

/** Whether the host's calls act on this plugin or stream: the running callback is its own, or acts as it. */
export function isRunningAs(contextId: u32): bool {
  return running == contextId && runningIn == callbackSerial();
}

/**
 * Lets the host calls that follow act on a stream, whosever callback runs; returns what `actAsBefore` needs to end it.
 * Without it a reply to, or a resumption of, a stream from a timer or a callout goes nowhere, and the host says Ok.
 */
export function actAs(contextId: u32): u32 {
  const before = runningContextId();
  if (before == contextId) return before;
  actors++;
  change(contextId);
  return before;
}

/** Ends `actAs`: the host calls that follow act on what they acted on before, else on the stream's plugin. */
export function actAsBefore(before: u32, pluginContextId: u32): void {
  if (isRunningAs(before)) return;
  actors--;
  change(before != 0 ? before : pluginContextId);
}

/** Whether the running callback is one of this plugin or stream, and nobody acts as another. */
export function isOwnCallback(contextId: u32): bool {
  return actors == 0 && isRunningAs(contextId);
}

/** What was read of the one context is not true of the other. */
function change(contextId: u32): void {
  proxy_set_effective_context(contextId);
  runAs(contextId);
  beginTurn();
}
