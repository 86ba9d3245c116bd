import type { Plugin } from "../backend.ts";
import { functionStart } from "../module/function-start.ts";
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
  const suspects = plugins.filter((plugin) => couldHaveTrapped(plugin, callback, frames));
  const [plugin] = suspects;
  const name = plugin !== undefined && suspects.length === 1 ? plugin.name : "";
  if (plugin === undefined) return { plugin: name, callback, reason, location: null, backtrace: [] };
  return trapAt({ plugin: name, callback, reason }, frames, plugin.module);
}

function readFrame([, offset, name]: RegExpExecArray): TrapFrame {
  return { offset: Number(offset), name: name ?? "" };
}

/** Envoy does not say which plugin trapped: it is one whose module has that callback and every frame. */
function couldHaveTrapped({ module }: Plugin, callback: string, frames: readonly TrapFrame[]): boolean {
  const bytes = Buffer.from(module.bytes.buffer, module.bytes.byteOffset, module.bytes.byteLength);
  return (
    bytes.includes(callback) &&
    frames.every(
      ({ name, offset }) =>
        functionStart(bytes, offset) !== null && (name.startsWith("unknown(") || bytes.includes(name)),
    )
  );
}
