import type { TranscriptEntry } from "proxy-wasm-harness";

/** What the host chooses, and what moves with the time. */
const varying: ReadonlySet<string> = new Set(["metric", "token", "queue", "timeoutMs", "periodMs", "length"]);

/** What both backends show of a call: its numbers and their names, but no bytes, and not what differs from run to run. */
export function crossing({ kind, name, depth, contextId, result, ...entry }: TranscriptEntry): string {
  const given = Object.entries(entry.arguments)
    .filter(([key, value]) => isNumber(value) && !varying.has(key))
    .map(([key, value]) => `${key}=${String(value)}`);
  return `${kind} ${name}(${given.join(" ")})@${String(contextId)} at ${depth} → ${String(result)}`;
}

/** A number, a boolean, or the name of a number; bytes as text are none of them. */
function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}
