import { proxy_done } from "../abi/imports";
import { Status } from "../abi/types";
import { Refused, refuse } from "../refusals";
import { utf8 } from "../bytes";

/** Lets the host delete the plugin whose callback runs; see `BasicPlugin.done`. */
export function endDeferredPlugin(): bool {
  if (proxy_done() == Status.Ok) return true;
  return refuse(
    Refused.Done,
    utf8("done()"),
    utf8("the plugin is not to end, or has ended already: call it once, after Shutdown.Later"),
  );
}
