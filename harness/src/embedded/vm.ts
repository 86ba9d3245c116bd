import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { totalOf } from "../kept.ts";
import type { AbiVersion } from "../module/abi.ts";
import type { WasmModule } from "../module/load.ts";
import type { Trap } from "../observation.ts";
import { positionOf } from "../transcript/signature.ts";
import { withLastWords } from "../trap.ts";
import { Capabilities } from "./capabilities.ts";
import { CallbackLimit } from "./callback-limit.ts";
import type { GuestContext } from "./context.ts";
import { answerChecks, refusedGrowthOf, type GuestModule } from "./guest-module.ts";
import { linkHost } from "./host.ts";
import { loadGuest, notStarted } from "./loading.ts";
import { GuestMemory } from "./memory.ts";
import { PresentById } from "./present.ts";
import type { ProxyState } from "./proxy-state.ts";
import { trapFrom } from "./traps.ts";
import type { VmPlace } from "./vm-place.ts";

type GuestFunction = (...parameters: number[]) => number | undefined;

/** What the guest may call at the moment: everything, or what Envoy allows while it is set up or allocates. */
type Restriction = "none" | "_initialize" | "malloc";

const allowedWhileRestricted: Readonly<Record<Exclude<Restriction, "none">, RegExp>> = {
  _initialize:
    /^(env\.(proxy_log|emscripten_\w+)|wasi_\w+\.(?!(fd_(close|read|seek)|path_open|proc_exit|sched_yield)$)\w+)$/,
  malloc: /^(env\.proxy_log|wasi_\w+\.(fd_write|clock_time_get|poll_oneoff))$/,
};

/** Of the module's own start, which may be C's `main`. */
const noArguments: readonly number[] = [0, 0];

/** The frames of a trap: V8's ten are fewer than a panic of Rust has before it comes to the filter. */
const backtraceLimit = 64;

/** After these come others, in whose midst they are or for which the context is: only then is done what was put off. */
const deferring: ReadonlySet<string> = new Set(["proxy_on_context_create", "envoy_on_resolve_dns"]);

/**
 * One instance of a module with the contexts that live in it. A trap ends it for good, as in Envoy: later callbacks
 * are not made, and every stream that meets it fails.
 */
export class Vm {
  readonly proxy: ProxyState;
  readonly module: WasmModule;
  readonly place: VmPlace;
  readonly memory: GuestMemory;
  readonly contexts = new PresentById<GuestContext>();
  /** How many lines had been logged when it was made. */
  readonly linesBefore: number;
  private readonly capabilities: Capabilities;
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
  private ownTrap: Trap | null = null;
  private stopsNext = false;

  /** Instantiates the module of its first plugin and runs `_initialize`. Refused with `configuration_refused`. */
  constructor(
    proxy: ProxyState,
    { module, name, allowedCapabilities }: Pick<Plugin, "module" | "name" | "allowedCapabilities">,
    place: VmPlace,
  ) {
    this.proxy = proxy;
    this.linesBefore = totalOf(proxy.logs);
    this.place = place;
    this.capabilities = new Capabilities(allowedCapabilities);
    this.module = module;
    this.firstPlugin = name;
    this.limit = new CallbackLimit(proxy.limits.callbackMs);
    this.guest = loadGuest({ module, name }, proxy);
    const { compiled } = this.guest;
    const memory = (): GuestMemory => this.memory;
    const { exports } = this.instanceOf(compiled, linkHost(this, compiled, memory));
    answerChecks(exports, () => this.limit.ask());
    proxy.coverage?.watch(this.guest.probes, exports, proxy);
    this.refusedGrowth = refusedGrowthOf(exports);
    this.functions = this.capabilities.callable(functionsOf(exports));
    const allocator = exports["malloc"] === undefined ? "proxy_on_memory_allocate" : "malloc";
    this.memory = new GuestMemory(exports["memory"] as WebAssembly.Memory, (length) =>
      this.allocate(allocator, length),
    );
    this.initialize();
  }

  get isDead(): boolean {
    return this.failed;
  }

  /** Of what it died; null while it lives, and of one that was ended. */
  get trap(): Trap | null {
    return this.ownTrap;
  }

  /** Whether the module has a callback, and its plugin may be made it. */
  has(callback: string): boolean {
    return this.functions[callback] !== undefined;
  }

  /** Whether its plugin may make a host call, or be made a callback. */
  allows(name: string): boolean {
    return this.capabilities.allow(name);
  }

  get abiVersion(): AbiVersion {
    return this.guest.abiVersion;
  }

  /** The context that the running callback belongs to, or the one that it chose by proxy_set_effective_context. */
  get context(): GuestContext | null {
    return this.effective ?? this.current;
  }

  /** The context that the running callback belongs to. */
  get caller(): GuestContext | null {
    return this.current;
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
    for (const { root } of this.contexts) this.proxy.clock.stopTicks(root);
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
    const returned = this.run(context, callback, guest, parameters);
    const result = stop !== null && returned !== null && this.stopsNext ? stop : returned;
    this.stopsNext = false;
    if (!deferring.has(callback)) this.runDeferred();
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

  private instanceOf(compiled: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
    try {
      return new WebAssembly.Instance(compiled, imports);
    } catch (thrown) {
      throw notStarted({ module: this.module, name: this.firstPlugin }, thrown);
    }
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
    this.run(null, name, guest, noArguments);
    this.restriction = "none";
  }

  private run(
    context: GuestContext | null,
    callback: string,
    guest: GuestFunction,
    parameters: readonly number[],
  ): number | undefined | null {
    const { current, effective, callbackName } = this;
    const { depth } = this.proxy.tape;
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = backtraceLimit;
    this.current = context;
    this.effective = null;
    this.callbackName = callback;
    if (callbackName === "") this.beginOutermost();
    try {
      const result = this.recorded(callback, parameters, guest);
      this.limit.end();
      return this.failed ? null : result;
    } catch (thrown) {
      this.fail(thrown, callback, depth);
      return null;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      this.current = current;
      this.effective = effective;
      this.callbackName = callbackName;
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
    this.ownTrap = { ...trap, reason };
    this.proxy.traps.push(this.ownTrap);
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
