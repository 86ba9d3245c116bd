import type { Plugin } from "../backend.ts";
import type { LogEntry } from "../observation.ts";
import { markOf, unmarked } from "./isolation.ts";
import type { LogLine } from "./log-line.ts";

const prefix = "wasm log";

/** What a filter logged: `wasm log[ name][ root_id][ vm_id]: message`; null for every other line. */
export function parseFilterLog(line: LogLine, plugins: readonly Plugin[]): LogEntry | null {
  if (line.logger !== "wasm" || !line.text.startsWith(prefix)) return null;
  const rest = line.text.slice(prefix.length);
  const source = sourceOf(rest, plugins);
  if (isForeign(source, plugins)) return null;
  return {
    level: line.level,
    source: unmarked(source.trim()),
    message: rest.slice(source.length + ": ".length),
  };
}

/** Whether it speaks for a user of this Envoy that was there before. */
function isForeign(source: string, plugins: readonly Plugin[]): boolean {
  const mark = markOf(source);
  return mark !== null && !plugins.some(({ vmId }) => vmId === mark);
}

/** Names may hold a colon themselves, so the known ones are tried before the first colon is believed. */
function sourceOf(rest: string, plugins: readonly Plugin[]): string {
  const known = plugins
    .flatMap(({ name, rootId, vmId }) => [
      [name, rootId, vmId],
      [rootId, vmId], // a root context logs without the plugin's name
    ])
    .map((parts) => parts.map((part) => (part === "" ? "" : ` ${part}`)).join(""))
    .sort((a, b) => b.length - a.length);
  return known.find((source) => rest.startsWith(`${source}: `)) ?? rest.slice(0, rest.indexOf(": "));
}

/** Whether a filter speaks, whoever's it is, or Envoy of a call across the ABI or of its return. */
export function isOfFilters({ text }: LogLine): boolean {
  return /^(wasm log\b|\[(host->vm|host<-vm|vm->host|vm<-host)\] )/.test(text);
}
