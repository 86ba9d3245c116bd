import { Shutdown } from "../abi/types";
import { Callback, leave } from "../callbacks";
import { enterPlugin } from "../effective-context";
import { pluginOf } from "../plugin";

/** Lets an access logger log a stream that is over; false when the number is that of no plugin. */
export function logAsPlugin(id: u32): bool {
  const plugin = pluginOf(id);
  if (plugin === null) return false;
  const interrupted = enterPlugin(Callback.Log, id);
  plugin.dispatchLog();
  leave(interrupted);
  return true;
}

/** Tells a plugin that it is to end; false when it has more to do first. */
export function endPlugin(id: u32): bool {
  const plugin = pluginOf(id);
  if (plugin === null) return true;
  const interrupted = enterPlugin(Callback.Done, id);
  const answer = plugin.onDone();
  leave(interrupted);
  return answer == Shutdown.Now;
}
