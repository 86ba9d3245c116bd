import type { GuestMemory } from "./memory.ts";

const firstBytes = 256 * 1024;
const mostBytes = 8 * 1024 * 1024;

/** What a record says. */
export const Mark = { Begin: 0, End: 1, Trap: 2 } as const;

/** In the place of a length: there is nothing that could be read. */
export const absent = -1;

/** Between the name of a plugin and that of its thread, where there are several. */
export const behindPlugin = "\0";

/** A piece of the tape, up to a moment. */
export type Recorded = Readonly<Pick<Reel, "words" | "bytes" | "used" | "calls">>;

/** A piece of the tape: words of 32 bits, and bytes that begin at one. It grows up to 8 MiB. */
export class Reel {
  words = new Int32Array(firstBytes / 4);
  bytes = new Uint8Array(this.words.buffer);
  /** Whether somebody may still read it. */
  private isShown = false;
  /** How many words are written. */
  used = 0;
  /** How many calls begin on it. */
  calls = 0;

  /** Whether so many words more can be written; it grows for them if it can. */
  hasRoom(words: number): boolean {
    if (this.used + words <= this.words.length) return true;
    if (this.bytes.length >= mostBytes) return false;
    const grown = new Int32Array(2 * this.words.length);
    grown.set(this.words);
    this.words = grown;
    this.bytes = new Uint8Array(grown.buffer);
    return true;
  }

  /** One to go on with: itself, empty, unless somebody may still read it. */
  renewed(): Reel {
    if (this.isShown) return new Reel();
    [this.used, this.calls] = [0, 0];
    return this;
  }

  /** As it is at the moment: what is added to it later is not in the copy. */
  snapshot(): Recorded {
    this.isShown = true;
    const { words, bytes, used, calls } = this;
    return { words, bytes, used, calls };
  }

  add(word: number): void {
    this.words[this.used++] = word;
  }

  /** A number of up to 53 bits. */
  addLong(value: number): void {
    this.add(value / 2 ** 32);
    this.add(value | 0);
  }

  addBigInt(value: bigint): void {
    this.add(Number(BigInt.asIntN(32, value >> 32n)));
    this.add(Number(BigInt.asIntN(32, value)));
  }

  /** The length of a range of the guest's memory, and what is kept of it. */
  addRange(memory: GuestMemory, address: number, length: number, limit: number): void {
    const kept = Math.min(length >>> 0, limit);
    const isReadable = length !== absent && memory.copy(address, kept, this.bytes, 4 * (this.used + 1));
    this.add(isReadable ? length : absent);
    if (isReadable) this.used += (kept + 3) >> 2;
  }
}
