import type { Plugin } from "../backend.ts";
import { pluginKeyOf, vmKeyOf } from "./plugin-keys.ts";
import type { ProxyState } from "./proxy-state.ts";
import { RootContext } from "./root-context.ts";
import { Vm } from "./vm.ts";
import type { VmPlace } from "./vm-place.ts";

/** A plugin's context in a VM, with those who use it: equal plugins share one. */
export interface PluginHandle {
  readonly key: string;
  readonly root: RootContext;
  users: number;
}

/**
 * A thread with VMs of its own, as Envoy's workers and its main thread have them: one for each vm_id, VM configuration
 * and module, which ends with its last plugin. One that has trapped is nobody's: who comes next gets another one.
 */
export class VmThread implements VmPlace {
  readonly name: string;
  readonly isCanary = false;
  private readonly proxy: ProxyState;
  private readonly vms = new Map<string, Vm>();
  private readonly handles = new Map<string, PluginHandle>();

  constructor(proxy: ProxyState, name: string) {
    this.proxy = proxy;
    this.name = name;
  }

  vmOf(plugin: Plugin): Vm | null {
    const vm = this.vms.get(vmKeyOf(plugin)) ?? null;
    return vm?.isDead === true ? null : vm;
  }

  /** Whether a plugin is to start in a VM that has others. */
  wouldJoin(plugin: Plugin): boolean {
    return this.vmOf(plugin) !== null && this.running(pluginKeyOf(plugin)) === null;
  }

  /** Starts and configures a plugin, unless an equal one runs. Refused with `configuration_refused`. */
  take(plugin: Plugin): PluginHandle {
    const key = pluginKeyOf(plugin);
    const handle = this.running(key) ?? { key, root: this.start(plugin), users: 0 };
    handle.users++;
    this.handles.set(key, handle);
    return handle;
  }

  /** Tells a plugin that it is to end, when nobody uses it any more. */
  release(handle: PluginHandle): void {
    if (--handle.users > 0) return;
    handle.root.end();
    if (this.handles.get(handle.key) === handle) this.handles.delete(handle.key);
    this.endUnused(handle.root.vm);
  }

  private running(key: string): PluginHandle | null {
    const handle = this.handles.get(key) ?? null;
    return handle?.root.vm.isDead === true ? null : handle;
  }

  private start(plugin: Plugin): RootContext {
    const vm = this.vmOf(plugin) ?? new Vm(this.proxy, plugin, this);
    this.vms.set(vmKeyOf(plugin), vm);
    try {
      return RootContext.start(vm, plugin);
    } catch (error) {
      this.endUnused(vm);
      throw error;
    }
  }

  /** Plugins that have put their end off go with their VM, without a word. */
  private endUnused(vm: Vm): void {
    if ([...this.handles.values()].some(({ root }) => root.vm === vm)) return;
    vm.destroy();
    for (const [key, kept] of this.vms) if (kept === vm) this.vms.delete(key);
  }
}
