import { Bytes, SharedValue } from "as-proxy-wasm";
import { freshFrom } from "../algorithms/algorithm";

/** How many entries a bucket has at most. */
export const WAYS = 16;

const FINGERPRINT_LENGTH = 8;

/**
 * The states of keys that share a place in the table, as they were when they were read. A bucket is as long as the
 * entries that it needed at once so far:
 *
 *     fingerprint: u64 | state   × up to 16
 */
export class Bucket {
  private readonly entryLength: i32;

  constructor(
    /** What the host had; null when it had nothing. */
    readonly seen: SharedValue | null,
    stateLength: i32,
  ) {
    this.entryLength = FINGERPRINT_LENGTH + stateLength;
  }

  /** The index of a key's entry; -1 when it has none. */
  find(fingerprint: u64): i32 {
    for (let i = this.count - 1; i >= 0; i--) {
      if (load<u64>(this.entryAt(i)) == fingerprint) return i;
    }
    return -1;
  }

  /** An entry that a new key may have: one that is as good as fresh, or the next one; -1 when all are in use. */
  findFree(now: u64): i32 {
    const count = this.count;
    for (let i = 0; i < count; i++) {
      if (freshFrom(this.stateAt(i)) <= now) return i;
    }
    return count < WAYS ? count : -1;
  }

  /** The moment at which the first entry can be had by another key; not for a bucket without entries. */
  get firstFreeFrom(): u64 {
    let first = u64.MAX_VALUE;
    for (let i = 0; i < this.count; i++) first = min(first, freshFrom(this.stateAt(i)));
    return first;
  }

  /** Where the state of an entry is. */
  stateAt(index: i32): usize {
    return this.entryAt(index) + FINGERPRINT_LENGTH;
  }

  /** The bucket with an entry in place of that at an index, or behind the last. */
  with(index: i32, fingerprint: u64, state: usize): Bytes {
    const count = max(this.count, index + 1);
    const bytes = Bytes.fromBuffer(new ArrayBuffer(count * this.entryLength));
    const seen = this.seen;
    if (seen !== null) memory.copy(bytes.start, seen.bytes.start, this.count * this.entryLength);
    const entry = bytes.start + index * this.entryLength;
    store<u64>(entry, fingerprint);
    memory.copy(entry + FINGERPRINT_LENGTH, state, this.entryLength - FINGERPRINT_LENGTH);
    return bytes;
  }

  private get count(): i32 {
    const seen = this.seen;
    return seen === null ? 0 : min(seen.bytes.length / this.entryLength, WAYS);
  }

  private entryAt(index: i32): usize {
    const seen = this.seen;
    return (seen === null ? 0 : seen.bytes.start) + index * this.entryLength;
  }
}
