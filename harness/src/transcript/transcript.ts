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
