import type { Transcript, TranscriptEntry } from "./entry.ts";
import { textOf } from "./text.ts";

/** An array that knows how many came before, and its own text; both are not enumerable, so that it is compared as an array. */
export function transcriptOf(entries: readonly TranscriptEntry[], omitted: number): Transcript {
  const transcript = [...entries];
  Object.defineProperties(transcript, {
    omitted: { value: omitted },
    toString: { value: () => textOf(transcript, omitted) },
  });
  return transcript as readonly TranscriptEntry[] as Transcript;
}

/** How many of the oldest calls a part of a transcript does not have. */
export function omittedFrom(entries: readonly TranscriptEntry[]): number {
  return "omitted" in entries && typeof entries.omitted === "number" ? entries.omitted : 0;
}
