import type { Plugin } from "../backend.ts";
import { functionStart } from "../module/function-start.ts";
import type { WasmModule } from "../module/load.ts";
import type { Trap } from "../observation.ts";
import { trapAt, type TrapFrame } from "../trap.ts";
import type { LogLine } from "./log-line.ts";

const heading = /^Function: (\S+) failed: (?:Uncaught \w*Error: )?(.*)/;
const frameLine = /^\s*\d+:\s+(0x[0-9a-f]+) - (.*)$/gm;

/**
 * What Envoy prints when a callback ends in a trap, with the lines of the source that it leaves out; null for every
 * other line. Without a name section in the module Envoy prints no frames, and nothing can be located.
 */
export function parseTrap(line: LogLine, plugins: readonly Plugin[]): Trap | null {
  const [, callback, reason] = (line.logger === "wasm" && heading.exec(line.text)) || [];
  if (callback === undefined || reason === undefined) return null;
  const frames = [...line.text.matchAll(frameLine)].map(readFrame);
  const suspects = plugins.filter(({ module }) => couldHaveTrapped(module, callback, frames));
  const [plugin] = suspects;
  const name = plugin !== undefined && suspects.length === 1 ? plugin.name : "";
  if (plugin === undefined) return { plugin: name, callback, reason, location: null, backtrace: [] };
  return trapAt({ plugin: name, callback, reason }, frames, plugin.module);
}

/**
 * The traps of a module in an Envoy's log of any format, in their order: those with a callback that it has, and with
 * frames that all lie in its functions.
 */
export function loggedTraps(log: string, module: WasmModule): Trap[] {
  const [, ...reports] = log.replaceAll("\\n", "\n").split(/^.*(?=\bFunction: \S+ failed: )/m);
  return reports.flatMap((report) => {
    const [, callback, reason] = heading.exec(report) ?? [];
    if (callback === undefined || reason === undefined) return [];
    const frames = framesAtStart(report.split("\n").slice(1));
    if (!couldHaveTrapped(module, callback, frames)) return [];
    return [trapAt({ plugin: module.name, callback, reason }, frames, module)];
  });
}

/** Those that follow at once, after a line that says that they do. */
function framesAtStart([, ...lines]: readonly string[]): TrapFrame[] {
  const end = lines.findIndex((line) => line.match(frameLine) === null);
  const own = end < 0 ? lines : lines.slice(0, end);
  return [...own.join("\n").matchAll(frameLine)].map(readFrame);
}

function readFrame([, offset, name]: RegExpExecArray): TrapFrame {
  return { offset: Number(offset), name: name ?? "" };
}

/** Envoy does not say which plugin trapped: it is one whose module has that callback and every frame. */
function couldHaveTrapped(
  { bytes: content }: WasmModule,
  callback: string,
  frames: readonly TrapFrame[],
): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return (
    bytes.includes(callback) &&
    frames.every(
      ({ name, offset }) =>
        functionStart(bytes, offset) !== null && (name.startsWith("unknown(") || bytes.includes(name)),
    )
  );
}
