import { proxy_set_effective_context } from "./abi/imports";
import { beginTurn, Callback, enter } from "./callbacks";
import { Context, ContextKind, findContext } from "./contexts";

/** The plugin or stream whose callback runs. */
let own: u32 = 0;
/** What the host's calls act on. */
let running: u32 = 0;

/** Notes that the callback which has just begun is one of this plugin or stream. */
// @ts-ignore: decorator
@inline
export function runAs(contextId: u32): void {
  own = contextId;
  running = contextId;
}

/** As `enter` and `runAs` together, for the callbacks of a plugin, which are rarer than those of streams. */
export function enterPlugin(callback: Callback, contextId: u32): Callback {
  const interrupted = enter(callback);
  runAs(contextId);
  return interrupted;
}

/** As `runAs`, in the midst of another callback perhaps; returns what `runAgain` needs. */
export function interruptAs(contextId: u32): u64 {
  const interrupted = ((<u64>own) << 32) | running;
  runAs(contextId);
  return interrupted;
}

/** Notes that the callback which a nested one has interrupted runs again. */
export function runAgain(interrupted: u64): void {
  own = <u32>(interrupted >> 32);
  running = <u32>interrupted;
}

/** What the host's calls act on now. */
export function runningContextId(): u32 {
  return running;
}

/** Whether the host's calls act on this plugin or stream: the running callback is its own, or acts as it. */
export function isRunningAs(contextId: u32): bool {
  return running == contextId;
}

/** Whether the running callback is one of this plugin or stream, whatever it acts as. */
export function isOwnCallback(contextId: u32): bool {
  return own == contextId;
}

/** Whom a handler acts as: the stream that it belongs to; without one, the plugin of what runs. */
export function actorOf(stream: Context | null): u32 {
  if (stream !== null) return stream.contextId;
  const context = findContext(running);
  return context === null || context.kind == ContextKind.Plugin ? running : context.parentContextId;
}

/**
 * Lets the host calls that follow act on a stream, or a plugin, whosever callback runs; returns what `actAsBefore` needs to
 * end it. Without it a reply to, or a resumption of, a stream from a timer or a callout goes nowhere, and the host says Ok.
 */
export function actAs(contextId: u32): u32 {
  const before = running;
  change(contextId);
  return before;
}

/**
 * As `actAs` a plugin, for what the host does to the plugin of whatever its calls act on; nothing changes while that is
 * this plugin already, or one of its streams. A plugin that a filter has made itself has no number.
 */
export function actFor(pluginContextId: u32): u32 {
  return pluginContextId == 0 || actorOf(null) == pluginContextId ? running : actAs(pluginContextId);
}

/** Ends `actAs` and `actFor`: the host calls that follow act on what they acted on before. */
export function actAsBefore(before: u32): void {
  change(before);
}

/** What was read of the one context is not true of the other. */
function change(contextId: u32): void {
  if (running == contextId) return;
  proxy_set_effective_context(contextId);
  running = contextId;
  beginTurn();
}
