import { HarnessError } from "./errors.ts";
import { functionStart } from "./module/function-start.ts";
import type { WasmModule } from "./module/load.ts";
import { isLibrary } from "./module/source-locations.ts";
import type { LogEntry, Trap } from "./observation.ts";

/** One frame of a guest's stack: the function's name, and the byte offset in the module. */
export interface TrapFrame {
  readonly name: string;
  readonly offset: number;
}

/** How a backtrace has a function without a name, which a callback's own is when the module has it as an export alone. */
const NAMELESS = /^(?:function \d+$|unknown\()/;

/** Called while another callback runs, to which the last frame belongs. */
const ALLOCATOR = /^(malloc|proxy_on_memory_allocate)$/;

/** A trap with its frames, innermost first, mapped to the lines of the module's source. */
export function trapAt(
  what: Pick<Trap, "plugin" | "callback" | "reason">,
  frames: readonly TrapFrame[],
  module: WasmModule,
): Trap {
  return {
    ...what,
    location: ownLine(frames, module),
    backtrace: frames.map(({ name, offset }, i) => {
      const isCallback = i === frames.length - 1 && NAMELESS.test(name) && !ALLOCATOR.test(what.callback);
      return `${isCallback ? what.callback : name} (${placeOf(offset, module)})`;
    }),
  };
}

/** The innermost line of the filter's own source, or null when none is known. */
function ownLine(frames: readonly TrapFrame[], module: WasmModule): string | null {
  for (const { offset } of frames) {
    const line = lineAt(offset, module, (location) => !isLibrary(location));
    if (line !== null) return line;
  }
  return null;
}

/** The line of an offset; in a library's code that was put into a function, the filter's own line before it, too. */
function placeOf(offset: number, module: WasmModule): string {
  const place = lineAt(offset, module);
  if (place === null) return `0x${offset.toString(16)}`;
  const own = isLibrary(place) ? lineAt(offset, module, (location) => !isLibrary(location)) : null;
  return own === null ? place : `${place}, after ${own.replace(nearest, "")}`;
}

/** Marks the line of another offset than the one that is asked for. */
const nearest = " (nearest line)";

/**
 * The line of an offset, or null when none is known. Where an inlined library function or an address without a line
 * hides the one that is wanted, the nearest earlier line of the same function stands in, marked as such.
 */
function lineAt(
  offset: number,
  { bytes, sources }: WasmModule,
  isWanted: (location: string) => boolean = () => true,
): string | null {
  const start = functionStart(bytes, offset) ?? offset;
  for (let at = offset; at >= start; at--) {
    const location = sources.at(at);
    if (location === null || !isWanted(location)) continue;
    return at === offset ? location : location + nearest;
  }
  return null;
}

/** V8's reason with the line that the filter logged at critical right before, which is how an abort says what it met. */
export function withLastWords(reason: string, last: LogEntry | undefined): string {
  return last?.level === "critical" ? `${reason} (${last.message})` : reason;
}

/** The error that fails a test whose filter trapped: plugin, callback, the line, then the frames. */
export function trapError(trap: Trap): HarnessError {
  return new HarnessError("filter_trapped", pluginTrapText(trap));
}

/** As `trapText`, of a plugin by its name. */
export function pluginTrapText(trap: Trap): string {
  return trapText(`plugin "${trap.plugin}"`, trap);
}

/** What people read of a trap, and of whom it was: one line, and one for each frame. */
export function trapText(who: string, { callback, location, reason, backtrace }: Trap): string {
  const where = location === null ? "" : ` at ${location}`;
  const frames = backtrace.map((frame) => `    ${frame}`);
  return [`${who} trapped in ${callback}${where}: ${reason}`, ...frames].join("\n");
}
