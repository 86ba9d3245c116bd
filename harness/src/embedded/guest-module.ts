import type { Coverage } from "../coverage/coverage.ts";
import type { Probes } from "../coverage/probes.ts";
import { instrument, checkTable, refusedGrowth } from "../instrumentation/instrument.ts";
import { pageBytes } from "../instrumentation/memory-cap.ts";
import type { ModuleLayout } from "../instrumentation/module-layout.ts";
import { abiVersionIn, type AbiVersion } from "../module/abi.ts";
import type { OffsetMap } from "../instrumentation/offset-map.ts";
import type { WasmModule } from "../module/load.ts";
import { forDebugger } from "./debugger.ts";

/** A module as V8 runs it: with checks in its loops, a cap on its memory, and counters where they are wanted. */
export interface GuestModule {
  readonly compiled: WebAssembly.Module;
  /** Leads from what runs to the module's file; null where that is what runs. */
  readonly offsets: OffsetMap | null;
  /** What its counters count; null when it has none. */
  readonly probes: Probes | null;
  /** One without a version never gets so far but for tests, and has the newest. */
  readonly abiVersion: AbiVersion;
}

type CompiledModule = Omit<GuestModule, "abiVersion">;

/** How many modules are kept: a process may see many, and a compiled one is large. */
const mostKept = 64;
const kept = new Map<string, GuestModule>();

/**
 * Compiles a module once in a process. One with instructions that are not known runs as it is, without limits, and a
 * warning says so. Refused with `configuration_refused` when its memory starts larger than the cap.
 */
export function guestModule(
  module: WasmModule,
  memoryBytes: number,
  coverage: Coverage | null = null,
): GuestModule {
  const key = keyOf(module, memoryBytes, coverage);
  const made = kept.get(key) ?? versioned(compile(module, Math.floor(memoryBytes / pageBytes), coverage));
  if (coverage !== null && made.probes === null)
    coverage.remark(`${module.path} is not counted: ${whyNotCounted(made)}`);
  if (kept.has(key)) return made;
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= mostKept) kept.delete(oldest);
  kept.set(key, made);
  return made;
}

function versioned(module: CompiledModule): GuestModule {
  const names = WebAssembly.Module.exports(module.compiled).map(({ name }) => name);
  return { ...module, abiVersion: abiVersionIn(names) ?? "0.2.1" };
}

/** The lines of a module depend on the source map beside it. */
function keyOf({ sha256, path }: WasmModule, memoryBytes: number, coverage: Coverage | null): string {
  const counted = coverage === null ? "" : ` ${coverage.scope} ${path}`;
  return `${sha256} ${memoryBytes}${counted}`;
}

function whyNotCounted({ offsets }: GuestModule): string {
  return offsets === null
    ? "it has instructions or sections that are not known, between which nothing can be put"
    : "no source map is beside it, which proxy-wasm build writes, or none of the filter's own files is in that";
}

function compile(module: WasmModule, maxPages: number, coverage: Coverage | null): CompiledModule {
  const { bytes, path } = module;
  let probes: Probes | null = null;
  const counting = (layout: ModuleLayout): readonly number[] => {
    const wanted = coverage?.probesIn(module, layout) ?? null;
    if (wanted === null || wanted.offsets.length === 0) return [];
    probes = wanted;
    return wanted.offsets;
  };
  try {
    const { bytes: checked, offsets } = instrument(bytes, maxPages, counting);
    const debuggable = forDebugger(checked, offsets, module.sources);
    return { compiled: new WebAssembly.Module(debuggable), offsets, probes };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof WebAssembly.CompileError)) throw error;
    const compiled = new WebAssembly.Module(bytes); // it says what is wrong with the module itself
    process.emitWarning(`${path} runs without limits on time and memory: ${error.message}`);
    return { compiled, offsets: null, probes: null };
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
