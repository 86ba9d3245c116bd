import { proxy_set_tick_period_milliseconds } from "../abi/imports";
import { utf8 } from "../bytes";
import { succeeded } from "../host-calls";

/**
 * Lets the host make room for the plugin's tick, which is not set by it. While a tick runs, Envoy (1.36 to 1.40) holds on to a
 * place in a table of the VM, and dies when a plugin that had no tick so far makes that table larger: so does a request that
 * one plugin's timer lets go on to the next plugin's.
 */
export function reserveTick(): void {
  succeeded(utf8("proxy_set_tick_period_milliseconds"), proxy_set_tick_period_milliseconds(0));
}
