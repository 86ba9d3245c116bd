import { HarnessError } from "../errors.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import type { RootContext } from "./root-context.ts";
import { Status } from "./status.ts";

/** Chapter timers: one tick for each plugin, whoever of it asks. */
export function timers(guest: Guest): HostFunctions {
  const { vm } = guest;
  const known = new Set<RootContext>();
  let ticking: RootContext | null = null;

  function tick(root: RootContext): void {
    ticking = root;
    try {
      vm.call(root, "proxy_on_tick", [root.id], 0);
    } finally {
      ticking = null;
    }
  }

  return {
    proxy_set_tick_period_milliseconds(periodMs: number): Status {
      const root = vm.context?.root ?? null;
      if (root === null) return Status.Ok;
      if (ticking !== null && !known.has(root)) throw lateTick(root, ticking, vm.callback);
      known.add(root);
      vm.proxy.clock.tickEvery(root, periodMs >>> 0, () => tick(root));
      return Status.Ok;
    },
  };
}

/** Envoy keeps places in two tables of the VM while a tick runs; a plugin that is new there makes the tables grow. */
function lateTick(root: RootContext, ticking: RootContext, callback: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `plugin "${root.plugin.name}" set its first tick in ${callback}, while the tick of "${ticking.plugin.name}" ran in the same VM: ` +
      "Envoy 1.40 dies of that with four plugins, older ones with two; call proxy_set_tick_period_milliseconds(0) in proxy_on_configure",
  );
}
