import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { failingClosed, type Failing } from "../failure-policy.ts";
import type { HttpStream } from "./http-stream.ts";
import type { ProxyState } from "./proxy-state.ts";
import { ReloadBackoff } from "./reload-backoff.ts";
import type { RootContext } from "./root-context.ts";
import { nanos } from "./virtual-clock.ts";
import type { PluginHandle, VmThread } from "./vm-thread.ts";

/** A plugin, and of a service whether it runs on the main thread alone. */
export type Startable = Plugin & { readonly isSingleton?: boolean };

/** What a thread has of a plugin. */
interface Held {
  /** Null of one that did not start there: every stream passes it, whatever its failure policy. */
  handle: PluginHandle | null;
  loadedNanos: bigint;
}

/** One place of the configuration that names a plugin: what it has on each thread, and what comes after a trap. */
export class LoadedPlugin {
  readonly plugin: Startable;
  private readonly proxy: ProxyState;
  private readonly failing: Failing;
  private readonly backoff: ReloadBackoff;
  private readonly held = new Map<VmThread, Held>();

  constructor(proxy: ProxyState, plugin: Startable) {
    this.proxy = proxy;
    this.plugin = plugin;
    this.failing = plugin.failing ?? failingClosed;
    this.backoff = new ReloadBackoff(this.failing.reloadIntervalMs);
    if (!this.reloads) return;
    proxy.clock.stand(); // whether enough time has passed is not to depend on the machine
    for (const outcome of ["success", "backoff", "failure"] as const) this.count(outcome, 0n);
  }

  /** Starts on a thread. Refused with `configuration_refused`. */
  startOn(thread: VmThread): void {
    this.hold(thread, thread.take(this.plugin));
  }

  /** As `startOn`, where a refusal is not told: streams of the thread pass. */
  startIfAccepted(thread: VmThread): void {
    this.hold(thread, takenOrNull(thread, this.plugin));
  }

  endOn(thread: VmThread): void {
    const handle = this.held.get(thread)?.handle ?? null;
    this.held.delete(thread);
    if (handle !== null) thread.release(handle);
  }

  /** What a stream of the thread that begins now gets, in a new VM where that is due; null lets it pass. */
  contextOn(thread: VmThread): RootContext | null {
    const held = this.held.get(thread);
    if (held === undefined || held.handle === null) return null;
    if (this.reloads && held.handle.root.vm.isDead) this.reload(thread, held);
    const { root } = held.handle;
    return root.vm.isDead && this.failing.policy === "FAIL_OPEN" ? null : root;
  }

  /** Tells an access logger, in the thread of the stream. */
  log(stream: HttpStream, thread: VmThread): void {
    this.contextOn(thread)?.log(stream);
  }

  private get reloads(): boolean {
    return this.failing.policy === "FAIL_RELOAD";
  }

  private hold(thread: VmThread, handle: PluginHandle | null): void {
    this.held.set(thread, { handle, loadedNanos: this.proxy.nowNanos() });
  }

  /** A load that fails counts as one: the next is as far away. */
  private reload(thread: VmThread, held: Held): void {
    const now = this.proxy.nowNanos();
    if (now - held.loadedNanos < nanos(this.backoff.nextMs())) return this.count("backoff");
    held.loadedNanos = now;
    const handle = takenOrNull(thread, this.plugin);
    if (handle === null) return this.count("failure");
    if (held.handle !== null) thread.release(held.handle);
    held.handle = handle;
    this.count("success");
  }

  private count(outcome: "success" | "backoff" | "failure", by = 1n): void {
    this.proxy.metrics.define("counter", `wasm.${this.plugin.name}.vm_reload_${outcome}`).value += by;
  }
}

function takenOrNull(thread: VmThread, plugin: Plugin): PluginHandle | null {
  try {
    return thread.take(plugin);
  } catch (error) {
    if (error instanceof HarnessError && error.code === "configuration_refused") return null;
    throw error;
  }
}
