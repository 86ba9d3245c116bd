import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { WasmModule } from "../module/load.ts";
import type { Trap } from "../observation.ts";
import { positionOf } from "../transcript/signature.ts";
import { withLastWords } from "../trap.ts";
import { CallbackLimit } from "./callback-limit.ts";
import type { GuestContext } from "./context.ts";
import { answerChecks, guestModule, refusedGrowthOf, type GuestModule } from "./guest-module.ts";
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
  private readonly firstPlugin: string;
  private readonly guest: GuestModule;
  private readonly functions: Readonly<Record<string, GuestFunction>>;
  private readonly limit: CallbackLimit;
  private readonly refusedGrowth: WebAssembly.Global | null;
  private readonly deferred: Array<() => void> = [];
  private current: GuestContext | null = null;
  private effective: GuestContext | null = null;
  private callbackName = "";
  private restriction: Restriction = "none";
  private lastContextId = 0;
  private failed = false;
  private stopsNext = false;

  /** Instantiates the module of its first plugin and runs `_initialize`. Refused with `configuration_refused`. */
  constructor(proxy: ProxyState, { module, name }: Pick<Plugin, "module" | "name">) {
    this.proxy = proxy;
    this.module = module;
    this.firstPlugin = name;
    this.limit = new CallbackLimit(proxy.limits.callbackMs);
    this.guest = guestModule(module, proxy.limits.memoryBytes);
    const { compiled } = this.guest;
    const memory = (): GuestMemory => this.memory;
    const { exports } = new WebAssembly.Instance(compiled, linkHost(this, compiled, memory));
    answerChecks(exports, () => this.limit.ask());
    this.refusedGrowth = refusedGrowthOf(exports);
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
    return this.current?.root.plugin.name ?? this.firstPlugin;
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

  /** The running callback says that the stream does not go on, whatever the guest returns. */
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
    if (guest === undefined || this.contexts.get(context.id) !== context) {
      if (this.callbackName === "") this.runDeferred(); // of a context that has just been created
      return absent;
    }
    const returned = this.run(context, callback, () => this.recorded(callback, parameters, guest));
    const result = stop !== null && returned !== null && this.stopsNext ? stop : returned;
    this.stopsNext = false;
    if (callback !== "proxy_on_context_create") this.runDeferred(); // that comes after the callback that the context is for
    return result === null ? null : (result ?? absent);
  }

  /** Called before each host call; refuses what Envoy refuses while the guest is set up. */
  enterHostCall(name: string): void {
    this.limit.enterHostCall();
    if (this.restriction === "none" || allowedWhileRestricted[this.restriction].test(name)) return;
    throw new WebAssembly.RuntimeError(`restricted_callback: ${name} was called in ${this.restriction}`);
  }

  private recorded(
    callback: string,
    parameters: readonly number[],
    guest: GuestFunction,
  ): number | undefined {
    const { tape, faults } = this.proxy;
    const position = positionOf(callback) ?? -1;
    tape.begin(position, parameters, this);
    const fault = faults.trapIn(position);
    if (fault !== null) throw new WebAssembly.RuntimeError(fault);
    const result = guest(...parameters);
    tape.end(position, result ?? 0, parameters, this);
    return result;
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
    const { depth } = this.proxy.tape;
    this.current = context;
    this.effective = null;
    this.callbackName = callback;
    if (outer.callback === "") this.beginOutermost();
    try {
      const result = guest();
      this.limit.end();
      return this.failed ? null : result;
    } catch (thrown) {
      this.fail(thrown, callback, depth);
      return null;
    } finally {
      this.current = outer.current;
      this.effective = outer.effective;
      this.callbackName = outer.callback;
    }
  }

  /**
   * A HarnessError is the host's own refusal and goes to the test; everything else is the guest's trap. What is stopped
   * in the allocator goes on for a moment, and is stopped again.
   */
  private fail(thrown: unknown, callback: string, depth: number): void {
    const isKnown = this.failed && this.limit.isPassed;
    this.failed = true;
    if (thrown instanceof HarnessError) {
      this.proxy.tape.trap(depth, thrown.message);
      throw thrown;
    }
    if (isKnown) return;
    const what = { plugin: this.plugin, callback };
    const trap = trapFrom(thrown, what, { module: this.module, offsets: this.guest.offsets });
    const reason = this.reasonOf(trap);
    this.proxy.tape.trap(depth, reason);
    this.proxy.traps.push({ ...trap, reason });
  }

  private beginOutermost(): void {
    this.limit.begin();
    if (this.refusedGrowth !== null) this.refusedGrowth.value = 0;
  }

  /** Why a callback ended, where V8 does not know: what was beyond a limit, or what the filter said last. */
  private reasonOf({ reason, callback }: Trap): string {
    if (this.limit.isPassed) return `endless loop: ${callback} ran for ${this.limit.ms / 1_000} s`;
    const said = withLastWords(reason, this.proxy.logs.at(-1));
    if (this.refusedGrowth?.value !== 1) return said;
    const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
    const allowed = mib(this.proxy.limits.memoryBytes);
    return `${said}: out of memory: it was refused more than ${mib(this.memory.byteLength)} (limits.memoryBytes allows ${allowed})`;
  }

  /** 0 when the allocator has no memory or traps; after a trap the guest goes on to the end of its callback, as in Envoy. */
  private allocate(allocator: string, length: number): number {
    if (this.proxy.allocatorFaults.strike(this.plugin)) return 0;
    const outer = this.restriction;
    const { depth } = this.proxy.tape;
    this.restriction = "malloc";
    try {
      return (this.functions[allocator]?.(length) ?? 0) >>> 0;
    } catch (thrown) {
      this.fail(thrown, allocator, depth);
      return 0;
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
