import type { Plugin } from "../backend.ts";
import { Canaries } from "./canaries.ts";
import { LoadedPlugin, type Startable } from "./loaded-plugin.ts";
import { vmKeyOf } from "./plugin-keys.ts";
import type { ProxyState } from "./proxy-state.ts";
import { Vm } from "./vm.ts";
import { VmThread } from "./vm-thread.ts";

/**
 * The plugins that run. With worker threads they have the VMs that Envoy makes: one that is only initialised, one that
 * starts and is thrown away, the main thread's and each worker's. Else there is one thread, and one VM, and what is to
 * come into one that has streams already is tried out before.
 */
export class RunningPlugins {
  /** The threads that have streams. */
  readonly workers: readonly VmThread[];
  private readonly proxy: ProxyState;
  /** Null when no workers were asked for. */
  private readonly main: VmThread | null;
  private readonly canaries = new Map<string, Canaries>();
  private readonly running = new Set<LoadedPlugin>();
  /** What starts from now on may come into VMs that have streams. */
  private isServing = false;

  constructor(proxy: ProxyState, workers: number | undefined) {
    this.proxy = proxy;
    this.main = workers === undefined ? null : new VmThread(proxy, "main thread");
    this.workers =
      workers === undefined
        ? [new VmThread(proxy, "")]
        : Array.from({ length: workers }, (_, i) => new VmThread(proxy, `worker ${i + 1}`));
  }

  /** Starts plugins in their order; what has started by then is ended when one is refused with `configuration_refused`. */
  start(plugins: readonly Startable[]): LoadedPlugin[] {
    const loaded: LoadedPlugin[] = [];
    try {
      this.proxy.loop.within(() => {
        for (const plugin of plugins) loaded.push(this.load(plugin));
        if (this.main !== null) this.startOnWorkers(loaded);
      });
    } catch (error) {
      this.end(loaded);
      throw error;
    }
    this.isServing = true;
    return loaded;
  }

  /** Tells plugins that they are to end, the youngest first, as Envoy does: on its workers, and on the main thread. */
  end(loaded: readonly LoadedPlugin[]): void {
    for (const thread of this.workers) endOn(thread, loaded);
    this.leave(loaded);
    for (const one of loaded) this.running.delete(one);
    const used = new Set([...this.running].map(({ plugin }) => vmKeyOf(plugin)));
    for (const key of this.canaries.keys()) if (!used.has(key)) this.canaries.delete(key);
  }

  /** Ends them on the main thread, which does not wait for streams. */
  leave(loaded: readonly LoadedPlugin[]): void {
    if (this.main !== null) endOn(this.main, loaded);
  }

  endAll(): void {
    this.end([...this.running]);
  }

  private load(plugin: Startable): LoadedPlugin {
    const loaded = new LoadedPlugin(this.proxy, plugin);
    if (this.main === null) this.loadAlone(loaded);
    else {
      this.canariesOf(plugin, this.main).tryOut(plugin);
      loaded.startIfAccepted(this.main);
    }
    this.running.add(loaded);
    return loaded;
  }

  private loadAlone(loaded: LoadedPlugin): void {
    const { plugin } = loaded;
    for (const thread of this.workers) {
      if (this.isServing && thread.wouldJoin(plugin)) this.canariesOf(plugin, thread).tryOut(plugin);
      loaded.startOn(thread);
    }
  }

  private startOnWorkers(loaded: readonly LoadedPlugin[]): void {
    const onWorkers = loaded.filter(({ plugin }) => plugin.isSingleton !== true);
    for (const worker of this.workers) for (const one of onWorkers) one.startIfAccepted(worker);
  }

  /** Envoy has an instance, which nothing is ever called in, that all VMs of a module come from. */
  private canariesOf(plugin: Plugin, thread: VmThread): Canaries {
    const key = vmKeyOf(plugin);
    const known = this.canaries.get(key);
    if (known !== undefined) return known;
    if (this.main !== null) new Vm(this.proxy, plugin, thread).destroy();
    const made = new Canaries(this.proxy, thread);
    this.canaries.set(key, made);
    return made;
  }
}

function endOn(thread: VmThread, loaded: readonly LoadedPlugin[]): void {
  for (const one of loaded.toReversed()) one.endOn(thread);
}
