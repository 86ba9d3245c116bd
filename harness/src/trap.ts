import { HarnessError } from "./errors.ts";
import type { SourceLocations } from "./module/source-locations.ts";
import type { Trap } from "./observation.ts";

/** One frame of a guest's stack: the function's name, and the byte offset in the module. */
export interface TrapFrame {
  readonly name: string;
  readonly offset: number;
}

/** A trap with its frames, innermost first, mapped to source lines. */
export function trapAt(
  what: Pick<Trap, "plugin" | "callback" | "reason">,
  frames: readonly TrapFrame[],
  sources: SourceLocations,
): Trap {
  const located = frames.map((frame) => ({ ...frame, location: sources.at(frame.offset) }));
  const own = located.find(({ location }) => location !== null && !isLibrary(location));
  return {
    ...what,
    location: own?.location ?? null,
    backtrace: located.map(({ name, offset, location }) => `${name} (${location ?? `0x${offset.toString(16)}`})`),
  };
}

/** Whether a line belongs to a library or an installed package, and not to the filter itself. */
export function isLibrary(location: string): boolean {
  return location.startsWith("~lib/") || location.includes("node_modules/");
}

/** The error that fails a test whose filter trapped: plugin, callback, the line, then the frames. */
export function trapError(trap: Trap): HarnessError {
  const where = trap.location === null ? "" : ` at ${trap.location}`;
  const frames = trap.backtrace.map((frame) => `    ${frame}`);
  return new HarnessError(
    "filter_trapped",
    [`plugin "${trap.plugin}" trapped in ${trap.callback}${where}: ${trap.reason}`, ...frames].join("\n"),
  );
}
