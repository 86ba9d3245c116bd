import { abiEnums } from "../module/abi-enums.ts";
import type { TranscriptBytes, TranscriptValue } from "./entry.ts";

/** How many bytes are kept of a value, by its type. */
export function keptBytes(type: string): number {
  return type === "pairs" ? 16_384 : 4_096;
}

/** A single number, as its type has it. */
export function valueOf(type: string, number: number): TranscriptValue {
  if (type === "bool") return number !== 0;
  if (["size", "offset", "count"].includes(type)) return number >>> 0;
  return abiEnums[type]?.[number] ?? number;
}

/** An i64. */
export function longValue(value: bigint): TranscriptValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** The first bytes of what has this length. */
export function rangeValue(type: string, kept: Uint8Array, byteLength: number): TranscriptValue {
  if (kept.length === byteLength && type === "pairs") return pairsIn(kept) ?? bytesValue(kept, byteLength);
  if (kept.length === byteLength && type === "path") return pathValue(kept);
  return bytesValue(kept, byteLength);
}

/** The parts of a property's path, with dots between. */
function pathValue(path: Uint8Array): TranscriptBytes {
  const value = bytesValue(path, path.length);
  return typeof value === "string" ? value.replace(/\0$/, "").replaceAll("\0", ".") : value;
}

function bytesValue(kept: Uint8Array, byteLength: number): TranscriptBytes {
  const isWhole = kept.length === byteLength;
  const text = textIn(kept, isWhole);
  if (text === null) return { base64: Buffer.from(kept).toString("base64"), byteLength };
  return isWhole ? text : { text, byteLength };
}

/** Null when it is not UTF-8; a character at the end that is cut is left out. */
function textIn(bytes: Uint8Array, isWhole: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return null;
  }
}

/** Header pairs as `embedded/pairs.ts` pictures them; null when they are not such a block. */
function pairsIn(block: Uint8Array): Array<readonly [TranscriptBytes, TranscriptBytes]> | null {
  if (block.length === 0) return [];
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const count = block.length < 4 ? Infinity : view.getUint32(0, true);
  let at = 4 + 8 * count;
  if (at > block.length) return null;
  const pairs: Array<readonly [TranscriptBytes, TranscriptBytes]> = [];
  for (let i = 0; i < count; i++) {
    const nameEnd = at + view.getUint32(4 + 8 * i, true);
    const valueEnd = nameEnd + 1 + view.getUint32(8 + 8 * i, true);
    if (valueEnd >= block.length) return null;
    pairs.push([partOf(block, at, nameEnd), partOf(block, nameEnd + 1, valueEnd)]);
    at = valueEnd + 1;
  }
  return pairs;
}

function partOf(block: Uint8Array, start: number, end: number): TranscriptBytes {
  return bytesValue(block.subarray(start, end), end - start);
}

/** What a call returned; null when it returns nothing. */
export function resultOf(type: string, result: number): string | number | boolean | null {
  if (type === "none") return null;
  const value = valueOf(type, result);
  return typeof value === "object" ? result : value;
}
