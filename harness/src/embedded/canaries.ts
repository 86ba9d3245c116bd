import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { pluginKeyOf } from "./plugin-keys.ts";
import type { ProxyState } from "./proxy-state.ts";
import { RootContext } from "./root-context.ts";
import { Vm } from "./vm.ts";
import type { VmPlace } from "./vm-place.ts";

/** Whether the plugins of one VM accept their configurations, which is found out in instances that end at once. */
export class Canaries {
  private readonly proxy: ProxyState;
  private readonly place: VmPlace;
  /** Null for a plugin that was accepted. */
  private readonly verdicts = new Map<string, HarnessError | null>();

  /** Of a VM that is to be in this place. */
  constructor(proxy: ProxyState, place: VmPlace) {
    this.proxy = proxy;
    this.place = { name: "canary", isCanary: true, vmOf: (plugin) => place.vmOf(plugin) };
  }

  /** Starts and configures a plugin, once for all that are equal. Refused with `configuration_refused`. */
  tryOut(plugin: Plugin): void {
    const key = pluginKeyOf(plugin);
    const known = this.verdicts.get(key);
    const verdict = known === undefined ? this.verdictOn(plugin) : known;
    this.verdicts.set(key, verdict);
    if (verdict !== null) throw verdict;
  }

  /** What a plugin says to its configuration is kept, as in Envoy; what it says to its start is asked for again. */
  private verdictOn(plugin: Plugin): HarnessError | null {
    const canary = new Vm(this.proxy, plugin, this.place);
    try {
      return refusalOf(RootContext.begin(canary, plugin));
    } finally {
      canary.destroy();
    }
  }
}

function refusalOf(root: RootContext): HarnessError | null {
  try {
    root.configure();
    return null;
  } catch (error) {
    if (error instanceof HarnessError && error.code === "configuration_refused") return error;
    throw error;
  }
}
