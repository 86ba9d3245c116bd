import { instrument, checkTable, refusedGrowth } from "../instrumentation/instrument.ts";
import { pageBytes } from "../instrumentation/memory-cap.ts";
import type { OffsetMap } from "../instrumentation/offset-map.ts";
import type { WasmModule } from "../module/load.ts";

/** A module as V8 runs it: with checks in its loops and a cap on its memory. */
export interface GuestModule {
  readonly compiled: WebAssembly.Module;
  /** Leads from what runs to the module's file; null where that is what runs. */
  readonly offsets: OffsetMap | null;
}

/** How many modules are kept: a process may see many, and a compiled one is large. */
const mostKept = 64;
const kept = new Map<string, GuestModule>();

/**
 * Compiles a module once in a process. One with instructions that are not known runs as it is, without limits, and a
 * warning says so. Refused with `configuration_refused` when its memory starts larger than the cap.
 */
export function guestModule(module: WasmModule, memoryBytes: number): GuestModule {
  const key = `${module.sha256} ${memoryBytes}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= mostKept) kept.delete(oldest);
  const made = compile(module, Math.floor(memoryBytes / pageBytes));
  kept.set(key, made);
  return made;
}

function compile({ bytes, path }: WasmModule, maxPages: number): GuestModule {
  try {
    const { bytes: checked, offsets } = instrument(bytes, maxPages);
    return { compiled: new WebAssembly.Module(checked), offsets };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof WebAssembly.CompileError)) throw error;
    const compiled = new WebAssembly.Module(bytes); // it says what is wrong with the module itself
    process.emitWarning(`${path} runs without limits on time and memory: ${error.message}`);
    return { compiled, offsets: null };
  }
}

/** Lets the checks of an instance ask the host, which answers 1 when they are to trap. */
export function answerChecks(exports: WebAssembly.Exports, ask: () => number): void {
  const table = exports[checkTable];
  if (table instanceof WebAssembly.Table) table.set(0, asGuestFunction(ask));
}

/** What a guest sets to 1 when it is refused memory; null in one without checks. */
export function refusedGrowthOf(exports: WebAssembly.Exports): WebAssembly.Global | null {
  const flag = exports[refusedGrowth];
  return flag instanceof WebAssembly.Global ? flag : null;
}

/** `(module (import "" "" (func (result i32))) (export "" (func 0)))`: tables take functions of modules only. */
const adapter = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
  ...[0x02, 0x05, 0x01, 0x00, 0x00, 0x00, 0x00, 0x07, 0x04, 0x01, 0x00, 0x00, 0x00],
];
let compiledAdapter: WebAssembly.Module | null = null;

function asGuestFunction(host: () => number): unknown {
  compiledAdapter ??= new WebAssembly.Module(new Uint8Array(adapter));
  const { exports } = new WebAssembly.Instance(compiledAdapter, { "": { "": host } });
  return exports[""];
}
