import { HarnessError } from "./errors.ts";
import type { Trap } from "./observation.ts";

/** The error that fails a test whose filter trapped: plugin, callback, the line, then the frames. */
export function trapError(trap: Trap): HarnessError {
  const where = trap.location === null ? "" : ` at ${trap.location}`;
  const frames = trap.backtrace.map((frame) => `    ${frame}`);
  return new HarnessError(
    "filter_trapped",
    [`plugin "${trap.plugin}" trapped in ${trap.callback}${where}: ${trap.reason}`, ...frames].join("\n"),
  );
}
