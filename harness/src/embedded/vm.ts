import { HarnessError } from "../errors.ts";
import type { WasmModule } from "../module/load.ts";
import type { TranscriptEntry } from "../observation.ts";
import { withLastWords } from "../trap.ts";
import type { GuestContext } from "./context.ts";
import { linkHost } from "./host.ts";
import { GuestMemory } from "./memory.ts";
import type { ProxyState } from "./proxy-state.ts";
import { trapFrom } from "./traps.ts";

type GuestFunction = (...parameters: number[]) => number | undefined;

/** What the guest may call at the moment: everything, or what Envoy allows while it is set up or allocates. */
type Restriction = "none" | "_initialize" | "malloc";

const allowedWhileRestricted: Readonly<Record<Exclude<Restriction, "none">, RegExp>> = {
  _initialize: /^(env\.proxy_log|wasi_)/,
  malloc: /^(env\.proxy_log|wasi_\w+\.(fd_write|clock_time_get|poll_oneoff))$/,
};

/**
 * One instance of a module with the contexts that live in it. A trap ends it for good, as in Envoy: later callbacks
 * are not made, and every stream that meets it fails.
 */
export class Vm {
  readonly proxy: ProxyState;
  readonly module: WasmModule;
  readonly memory: GuestMemory;
  readonly contexts = new Map<number, GuestContext>();
  private readonly functions: Readonly<Record<string, GuestFunction>>;
  private readonly deferred: Array<() => void> = [];
  private current: GuestContext | null = null;
  private effective: GuestContext | null = null;
  private callbackName = "";
  private restriction: Restriction = "none";
  private lastContextId = 0;
  private failed = false;
  private stopsNext = false;

  /** Instantiates the module and runs `_initialize`. Refused with `configuration_refused`. */
  constructor(proxy: ProxyState, module: WasmModule) {
    this.proxy = proxy;
    this.module = module;
    const compiled = new WebAssembly.Module(module.bytes);
    const memory = (): GuestMemory => this.memory;
    const { exports } = new WebAssembly.Instance(compiled, linkHost(this, compiled, memory));
    this.functions = functionsOf(exports);
    const allocator = exports["malloc"] === undefined ? "proxy_on_memory_allocate" : "malloc";
    this.memory = new GuestMemory(exports["memory"] as WebAssembly.Memory, (length) =>
      this.allocate(allocator, length),
    );
    this.initialize();
  }

  get isDead(): boolean {
    return this.failed;
  }

  /** The context that the running callback belongs to, or the one that it chose by proxy_set_effective_context. */
  get context(): GuestContext | null {
    return this.effective ?? this.current;
  }

  /** The callback that is running, for messages. */
  get callback(): string {
    return this.callbackName;
  }

  get plugin(): string {
    return this.current?.root.plugin.name ?? "";
  }

  nextContextId(): number {
    return ++this.lastContextId;
  }

  /** Ends it without a word to its contexts; nothing is called in it any more. */
  destroy(): void {
    this.failed = true;
  }

  /** Null for the one that the running callback belongs to. */
  setEffective(context: GuestContext | null): void {
    this.effective = context;
  }

  /** The next callback that says whether a stream goes on says that it does not, whatever the guest returns. */
  stopNextIteration(): void {
    this.stopsNext = true;
  }

  /** Makes a callback that says whether a stream goes on: as `call`, and with `stop` in place of what the guest returns. */
  steer(context: GuestContext, callback: string, parameters: readonly number[], stop: number): number | null {
    return this.call(context, callback, parameters, 0, stop);
  }

  /** Runs something once the outermost callback has returned, as Envoy does with replies and resumptions. */
  defer(action: () => void): void {
    this.deferred.push(action);
  }

  /**
   * Makes a callback and returns its result, or `absent` when the module does not have it or the context is deleted.
   * Null when the VM is dead, or dies of it by a trap, which is recorded.
   */
  call(
    context: GuestContext,
    callback: string,
    parameters: readonly number[],
    absent: number,
    stop: number | null = null,
  ): number | null {
    if (this.failed) return null;
    const guest = this.functions[callback];
    if (guest === undefined || this.contexts.get(context.id) !== context) return absent;
    this.record("callback", callback);
    const returned = this.run(context, callback, () => guest(...parameters));
    const result = stop !== null && returned !== null && this.takeStop() ? stop : returned;
    if (callback !== "proxy_on_context_create") this.runDeferred(); // what is asked for there comes after the callback that it is made for
    return result === null ? null : (result ?? absent);
  }

  /** Called before each host call; refuses what Envoy refuses while the guest is set up. */
  enterHostCall(name: string): void {
    this.record("host_call", name.replace(/^\w+\./, ""));
    if (this.restriction === "none" || allowedWhileRestricted[this.restriction].test(name)) return;
    throw new WebAssembly.RuntimeError(`restricted_callback: ${name} was called in ${this.restriction}`);
  }

  private takeStop(): boolean {
    const { stopsNext } = this;
    this.stopsNext = false;
    return stopsNext;
  }

  private record(kind: TranscriptEntry["kind"], name: string): void {
    this.proxy.transcript.push({ kind, name });
  }

  private initialize(): void {
    const names =
      this.functions["_initialize"] === undefined ? ["_start"] : ["_initialize", "main", "__main_void"];
    for (const name of names) this.initializeBy(name);
  }

  private initializeBy(name: string): void {
    const guest = this.functions[name];
    if (guest === undefined || (name === "__main_void" && this.functions["main"] !== undefined)) return;
    this.restriction = "_initialize";
    this.run(null, name, () => guest(0, 0));
    this.restriction = "none";
  }

  private run(
    context: GuestContext | null,
    callback: string,
    guest: () => number | undefined,
  ): number | undefined | null {
    const outer = { current: this.current, effective: this.effective, callback: this.callbackName };
    this.current = context;
    this.effective = null;
    this.callbackName = callback;
    try {
      return guest();
    } catch (thrown) {
      this.fail(thrown);
      return null;
    } finally {
      this.current = outer.current;
      this.effective = outer.effective;
      this.callbackName = outer.callback;
    }
  }

  /** A HarnessError is the host's own refusal and goes to the test; everything else is the guest's trap. */
  private fail(thrown: unknown): void {
    this.failed = true;
    if (thrown instanceof HarnessError) throw thrown;
    const trap = trapFrom(thrown, this.plugin, this.callbackName, this.module);
    this.proxy.traps.push({ ...trap, reason: withLastWords(trap.reason, this.proxy.logs.at(-1)) });
  }

  private allocate(allocator: string, length: number): number {
    const outer = this.restriction;
    this.restriction = "malloc";
    try {
      return (this.functions[allocator]?.(length) ?? 0) >>> 0;
    } finally {
      this.restriction = outer;
    }
  }

  /** What the actions cause on connections comes after all of them. */
  private runDeferred(): void {
    if (this.deferred.length === 0) return;
    this.proxy.loop.within(() => {
      for (let action = this.deferred.shift(); action !== undefined; action = this.deferred.shift()) action();
    });
  }
}

function functionsOf(exports: WebAssembly.Exports): Record<string, GuestFunction> {
  const functions = Object.entries(exports).filter(([, value]) => typeof value === "function");
  return Object.fromEntries(functions) as Record<string, GuestFunction>;
}
