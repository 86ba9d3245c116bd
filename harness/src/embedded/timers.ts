import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

/** Chapter timers: one tick for each plugin, whoever of it asks. */
export function timers(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    proxy_set_tick_period_milliseconds(periodMs: number): Status {
      const root = vm.context?.root ?? null;
      if (root === null) return Status.Ok;
      const tick = (): void => void vm.call(root, "proxy_on_tick", [root.id], 0);
      vm.proxy.clock.tickEvery(root, periodMs >>> 0, tick);
      return Status.Ok;
    },
  };
}
