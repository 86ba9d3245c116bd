import { proxy_done } from "./abi/imports";
import { Status } from "./abi/types";
import { Refused, refuse } from "./refusals";

/** Lets the host delete the plugin whose callback runs; see `BasicPlugin.done`. */
export function endDeferredPlugin(): bool {
  if (proxy_done() == Status.Ok) return true;
  return refuse(Refused.Done, "done()", "the plugin is not to end, or has ended already");
}
