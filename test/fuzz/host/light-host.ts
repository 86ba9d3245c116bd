import { plantedAt } from "../branch-coverage.js";
import { GuestMemory } from "./guest-memory.ts";
import { type Faults, importsOf } from "./imports.ts";
import { HostState, Status } from "./state.ts";

type Export = (...parameters: number[]) => number;

/** The plugin's context; streams follow. */
export const PLUGIN = 1;

/**
 * The least host that a filter of the SDK runs on, in the place of a whole proxy: it keeps what the ABI has, answers as
 * Envoy does or, by its faults, as no host should, and finds misdeeds. Whoever uses it calls the callbacks.
 */
export class LightHost {
  readonly state = new HostState();
  readonly memory: WebAssembly.Memory;
  private readonly exports: Record<string, Export>;

  /** `bug` is the number of the bug that is planted in the module, 0 for none. */
  constructor(module: WebAssembly.Module, faults: Faults = {}, bug = 0) {
    let guest: GuestMemory | null = null;
    const memoryOf = (): GuestMemory => guest ?? unready();
    const { exports } = new WebAssembly.Instance(module, importsOf(this.state, memoryOf, faults));
    this.memory = exports["memory"] as WebAssembly.Memory;
    this.exports = exports as unknown as Record<string, Export>;
    guest = new GuestMemory(this.memory, (length) => this.exports["malloc"]?.(length) ?? 0);
    new DataView(this.memory.buffer).setInt32(plantedAt, bug, true);
    this.state.callBack = (callback, ...parameters) => this.interrupt(callback, parameters);
    this.exports["_initialize"]?.();
  }

  /** Creates and configures the plugin; whether it accepts. */
  configure(configuration = ""): boolean {
    this.state.buffers[7] = configuration;
    this.call("proxy_on_context_create", PLUGIN, 0);
    return this.call("proxy_on_configure", PLUGIN, configuration.length) !== 0;
  }

  openStream(context: number): void {
    this.call("proxy_on_context_create", context, PLUGIN);
    this.state.streams.add(context);
  }

  /** Calls the guest; the first parameter of each callback is its context. */
  call(callback: string, context: number, ...parameters: number[]): number {
    const { state } = this;
    Object.assign(state, { callback, context, effective: context });
    if (callback.startsWith("proxy_on_response_") && state.answered.has(context))
      state.answersShown.add(context);
    const result = this.exports[callback]?.(context, ...parameters) ?? Status.Ok;
    state.callback = "";
    return result;
  }

  /** Calls the plugin in the midst of a host call. */
  private interrupt(callback: string, parameters: readonly number[]): void {
    const { callback: interrupted, context, effective } = this.state;
    this.call(callback, PLUGIN, ...parameters);
    Object.assign(this.state, { callback: interrupted, context, effective });
  }
}

function unready(): never {
  throw new Error("the module calls its host before it is there");
}
