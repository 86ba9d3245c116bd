import type { WasmModule } from "../module/load.ts";
import type { Trap } from "../observation.ts";
import { trapAt, type TrapFrame } from "../trap.ts";

/** Reads a trap out of what V8 threw from a guest's callback. */
export function trapFrom(thrown: unknown, plugin: string, callback: string, module: WasmModule): Trap {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const frames = (error.stack ?? "").split("\n").flatMap(wasmFrame);
  return trapAt({ plugin, callback, reason: error.message }, frames, module);
}

/** `at name (wasm://wasm/1f2e3d4c:wasm-function[12]:0x1a3)`; without a name section the part in brackets stands alone. */
function wasmFrame(line: string): TrapFrame[] {
  const match = /^\s*at (?:(.+) \()?wasm:\/\/[^)]*wasm-function\[(\d+)\]:0x([0-9a-f]+)/.exec(line);
  if (match === null) return [];
  const [, name, index, offset = "0"] = match;
  return [{ name: name ?? `function ${index}`, offset: Number.parseInt(offset, 16) }];
}
