import { proxy_done } from "../abi/imports";
import { Status } from "../abi/types";
import { actAs, actAsBefore } from "../effective-context";
import { Refused, refuse } from "../refusals";
import { utf8 } from "../bytes";

/** Lets the host delete a plugin; see `BasicPlugin.done`. */
export function endDeferredPlugin(pluginContextId: u32): bool {
  const before = actAs(pluginContextId);
  const status = proxy_done();
  actAsBefore(before);
  if (status == Status.Ok) return true;
  return refuse(
    Refused.Done,
    utf8("done()"),
    utf8("the plugin is not to end, or has ended already: call it once, after Shutdown.Later"),
  );
}
