import { HarnessError } from "../errors.ts";
import { Reader } from "../module/reader.ts";
import { u32 } from "./encoding.ts";

/** The size of a page of linear memory. */
export const pageBytes = 65_536;

/**
 * The memories of a section, none of which grows beyond so many pages, as entries of it. Refused with
 * `configuration_refused` when one starts with more, which no host would load. Throws a RangeError for memories that are
 * no ordinary ones.
 */
export function cappedMemories(bytes: Uint8Array, start: number, pages: number): number[] {
  const reader = new Reader(bytes, start);
  const memories: number[] = [];
  reader.times(() => memories.push(...cappedLimits(reader, pages)));
  return memories;
}

function cappedLimits(reader: Reader, pages: number): number[] {
  const flags = reader.byte();
  if (![0, 1, 3].includes(flags))
    throw new RangeError(`a memory of an unknown kind, 0x${flags.toString(16)}`);
  const least = reader.u32();
  const most = flags === 0 ? pages : reader.u32();
  if (least > pages) throw tooLarge(least, pages);
  return [flags | 1, ...u32(least), ...u32(Math.min(most, pages))];
}

function tooLarge(least: number, pages: number): HarnessError {
  return new HarnessError(
    "configuration_refused",
    `Failed to load Wasm code: its memory starts with ${least * pageBytes} bytes, and limits.memoryBytes allows ${pages * pageBytes}: ` +
      "build it with a smaller initial memory, or allow more",
  );
}
