import type { TranscriptBytes, TranscriptEntry, TranscriptValue } from "./entry.ts";
import { isRange, positionOf, signatures, type Signature } from "./signature.ts";

/** A line for each call, below how many are not kept any more: when, and what was called, by how deep it is. */
export function textOf(entries: readonly TranscriptEntry[], omitted = 0): string {
  const isNamed = new Set(entries.map(({ plugin }) => plugin)).size > 1;
  const lines = entries.map((entry) => `${timeOf(entry)}  ${lineOf(entry, isNamed)}`);
  const before = omitted === 0 ? [] : [`… ${omitted} earlier calls are not kept`];
  return [...before, ...lines].join("\n");
}

function timeOf({ timeNanos }: TranscriptEntry): string {
  return `${(timeNanos / 1e6).toFixed(3)} ms`.padStart(12);
}

function whose({ plugin, thread }: TranscriptEntry, isNamed: boolean): string {
  const names = [...(thread === undefined ? [] : [thread]), ...(isNamed ? [plugin] : [])];
  return names.length === 0 ? "" : `[${names.join(", ")}] `;
}

/**
 * `proxy_get_header_map_value(RequestHeaders, "x-api-key") → Ok "secret"`; of callbacks the thread, where there are
 * several, and the plugin's name on demand.
 */
export function lineOf(entry: TranscriptEntry, isNamed = false): string {
  const signature = signatures[positionOf(entry.name) ?? -1];
  const who = entry.kind === "callback" ? whose(entry, isNamed) : "";
  const given = Object.entries(entry.arguments).map(([key, value]) =>
    argumentText(key, value, typeOf(key, signature)),
  );
  const call = `${who}${entry.name}(${given.filter((part) => part !== "").join(", ")})`;
  const outcome = outcomeOf(entry, signature);
  return "  ".repeat(entry.depth) + (outcome === "" ? call : `${call} → ${outcome}`);
}

function outcomeOf({ trap, result, outputs }: TranscriptEntry, signature: Signature | undefined): string {
  if (trap !== null) return `trap: ${trap}`;
  if (result === null) return signature?.result === "none" ? "" : "did not return";
  const written = Object.entries(outputs).map(([key, value]) =>
    typeof value === "number" ? `${words(key)} ${value}` : shown(value, typeOf(key, signature)),
  );
  return [String(result), ...written].join(" ");
}

/** What a parameter is; as a type of its own whether it is bytes, and not a name in text. */
function typeOf(key: string, signature: Signature | undefined): string {
  const parameter = signature?.parameters.find(({ name }) => name === key);
  return parameter === undefined ? "" : isRange(parameter) ? "range" : parameter.type;
}

function argumentText(key: string, value: TranscriptValue, type: string): string {
  if (type === "bool") return value === true ? words(key) : "";
  if (type === "count") return `${String(value)} ${words(key)}`;
  if (type === "size") return `${String(value)} bytes`;
  if (type === "offset") return `from ${String(value)}`;
  return typeof value === "number" ? `${words(key)} ${value}` : shown(value, type);
}

/** `endOfStream` as `end of stream`, `timeoutMs` as `timeout ms`. */
function words(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const shownCharacters = 64;
const shownBytes = 32;
const shownPairs = 12;

function shown(value: TranscriptValue, type: string): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string" && type !== "range") return value;
  return isBytes(value) ? bytesText(value) : pairsText(value);
}

function isBytes(value: Exclude<TranscriptValue, number | boolean>): value is TranscriptBytes {
  return !Array.isArray(value);
}

function bytesText(value: TranscriptBytes): string {
  const { text, base64, byteLength } =
    typeof value === "string"
      ? { text: value, base64: undefined, byteLength: Buffer.byteLength(value) }
      : value;
  const bytes = `${byteLength.toLocaleString("en")} bytes`;
  const length = `(${bytes})`;
  if (base64 !== undefined) return hexText(Buffer.from(base64, "base64"), byteLength, length);
  if (text === undefined) return bytes;
  if (unprintable.test(text)) return hexText(Buffer.from(text), byteLength, length);
  const isWhole = text.length <= shownCharacters && Buffer.byteLength(text) === byteLength;
  return isWhole ? JSON.stringify(text) : `${JSON.stringify(`${text.slice(0, shownCharacters)}…`)} ${length}`;
}

/** Control characters other than white space. */
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

function hexText(bytes: Buffer, byteLength: number, length: string): string {
  const hex = bytes.subarray(0, shownBytes).toString("hex");
  return byteLength <= shownBytes ? `0x${hex}` : `0x${hex}… ${length}`;
}

function pairsText(pairs: ReadonlyArray<readonly [TranscriptBytes, TranscriptBytes]>): string {
  const fields = pairs
    .slice(0, shownPairs)
    .map(([name, value]) => `${typeof name === "string" ? name : bytesText(name)}: ${bytesText(value)}`);
  const rest = pairs.length - fields.length;
  return `{${[...fields, ...(rest > 0 ? [`… ${rest} more`] : [])].join(", ")}}`;
}
