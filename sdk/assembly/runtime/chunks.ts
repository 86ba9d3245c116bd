import { makeBlock, nextInList, setNextInList, sizeOf } from "./blocks";

/** Free chunks smaller than this wait for a collection to join them with what dies beside them. */
// @ts-ignore: decorator
@inline
export const SMALLEST_CHUNK: usize = 4096;

let firstChunk: usize = 0;

/** Makes a free chunk of a run of memory, which the next collection or the next window takes. */
export function addChunk(start: usize, size: usize): void {
  if (size == 0) return;
  makeBlock(start, size);
  if (size < SMALLEST_CHUNK) return;
  setNextInList(start, firstChunk);
  firstChunk = start;
}

/** Takes the largest free chunk off the list; 0 when none has `least` bytes. */
export function takeLargestChunk(least: usize): usize {
  let before: usize = 0;
  let largest: usize = 0;
  for (let last: usize = 0, chunk = firstChunk; chunk != 0; chunk = nextInList(chunk)) {
    if (sizeOf(chunk) >= least) {
      least = sizeOf(chunk) + 1;
      largest = chunk;
      before = last;
    }
    last = chunk;
  }
  if (largest == 0) return 0;
  if (before == 0) firstChunk = nextInList(largest);
  else setNextInList(before, nextInList(largest));
  return largest;
}

/** Empties the list; what was on it stays a row of blocks. */
export function forgetChunks(): void {
  firstChunk = 0;
}
