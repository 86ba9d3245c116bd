import type { OffsetMap } from "../instrumentation/offset-map.ts";
import { functionNames } from "../module/function-names.ts";
import type { WasmModule } from "../module/load.ts";
import type { Trap } from "../observation.ts";
import { trapAt, type TrapFrame } from "../trap.ts";

/** A module as it ran: its offsets lead to the ones of its file, unless it ran as it is. */
export interface RunModule {
  readonly module: WasmModule;
  readonly offsets: OffsetMap | null;
}

/** Reads a trap out of what V8 threw from a guest's callback. */
export function trapFrom(
  thrown: unknown,
  what: Pick<Trap, "plugin" | "callback">,
  { module, offsets }: RunModule,
): Trap {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const names = functionNames(module.bytes);
  const frames = (error.stack ?? "").split("\n").flatMap((line) => wasmFrame(line, names));
  return trapAt({ ...what, reason: error.message }, inFile(frames, offsets), module);
}

/** Frames as they are in the module's file; the function that the checks call is not among them. */
function inFile(frames: readonly TrapFrame[], offsets: OffsetMap | null): readonly TrapFrame[] {
  if (offsets === null) return frames;
  return frames.flatMap(({ name, offset }) => {
    const origin = offsets.origin(offset);
    return origin === null ? [] : [{ name, offset: origin }];
  });
}

/**
 * `at name (wasm://wasm/1f2e3d4c:wasm-function[12]:0x1a3)`; without a name section the part in brackets stands alone, and
 * with a name of the module that stands before each function's.
 */
function wasmFrame(line: string, names: ReadonlyMap<number, string>): TrapFrame[] {
  const match = /^\s*at (?:(.+) \()?wasm:\/\/[^)]*wasm-function\[(\d+)\]:0x([0-9a-f]+)/.exec(line);
  if (match === null) return [];
  const [, said, index, offset = "0"] = match;
  const name = names.get(Number(index)) ?? said ?? `function ${index}`;
  return [{ name, offset: Number.parseInt(offset, 16) }];
}
