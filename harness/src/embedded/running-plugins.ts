import type { Plugin } from "../backend.ts";
import type { ProxyState } from "./proxy-state.ts";
import { RootContext } from "./root-context.ts";
import { Vm } from "./vm.ts";

/** The plugins that run. Those of one vm_id, VM configuration and module share a VM, which ends with the last of them. */
export class RunningPlugins {
  private readonly proxy: ProxyState;
  private readonly vms = new Map<string, Vm>();
  private readonly running = new Set<RootContext>();

  constructor(proxy: ProxyState) {
    this.proxy = proxy;
  }

  /** Starts plugins in their order; what has started by then is ended when one is refused with `configuration_refused`. */
  start(plugins: readonly Plugin[]): RootContext[] {
    const started: RootContext[] = [];
    try {
      for (const plugin of plugins) started.push(this.startOne(plugin));
    } catch (error) {
      this.end(started);
      throw error;
    }
    return started;
  }

  /** Tells plugins that they are to end, the youngest first, as Envoy does. */
  end(roots: readonly RootContext[]): void {
    for (const root of roots.toReversed()) {
      root.end();
      this.running.delete(root);
      if (![...this.running].some(({ vm }) => vm === root.vm)) this.destroy(root.vm);
    }
  }

  endAll(): void {
    this.end([...this.running]);
  }

  private startOne(plugin: Plugin): RootContext {
    const key = keyOf(plugin);
    const vm = this.vms.get(key) ?? new Vm(this.proxy, plugin);
    this.vms.set(key, vm);
    const root = RootContext.start(vm, plugin);
    this.running.add(root);
    return root;
  }

  /** Plugins that have put their end off go with it, without a word. */
  private destroy(vm: Vm): void {
    vm.destroy();
    for (const [key, kept] of this.vms) if (kept === vm) this.vms.delete(key);
  }
}

function keyOf({ vmId, vmConfiguration, module }: Plugin): string {
  return JSON.stringify([vmId, Buffer.from(vmConfiguration).toString("latin1"), module.sha256]);
}
