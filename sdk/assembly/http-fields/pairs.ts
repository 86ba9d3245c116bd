import { Bytes } from "../bytes";
import { immortal } from "../runtime/objects";
import { sameBytes, sameIgnoringCase } from "../bytes/search";

// ╒═ a block of pairs: numbers are u32, little-endian ═══════════════════════════════════════╕
// │ count │ name 0's length │ value 0's length │ … │ name 0 │ NUL │ value 0 │ NUL │ name 1 … │

const NUMBER: usize = 4;

/**
 * Name-value pairs in the form in which the host hands them over, read in place. The block is checked once, when it
 * is parsed: afterwards nothing in it can lead a read astray. Source: proxy-wasm ABI 0.2.1, "serialized map".
 *
 * @category Bytes
 */
export class Pairs {
  /** No pairs at all. */
  static get NONE(): Pairs {
    return changetype<Pairs>(noPairs);
  }

  /** Where the pair that was read last begins: reading in order does not start over. */
  private cursorIndex: i32 = 0;
  private cursorStart: usize = 0;
  /** Where the lengths begin. */
  private readonly lengths: usize;

  /** For the SDK: `parse` checks what the block holds. @internal */
  constructor(
    private readonly block: Bytes,
    /** How many pairs there are. */
    readonly count: i32,
  ) {
    this.lengths = block.start + NUMBER;
    this.rewind();
  }

  /** Checks a block of the host and reads it in place; null when its lengths do not add up. No bytes: no pairs. */
  static parse(block: Bytes): Pairs | null {
    if (block.length == 0) return Pairs.NONE;
    if (block.length < <i32>NUMBER) return null;
    const count = load<u32>(block.start);
    if (<u64>count * 8 + NUMBER > <u64>block.length) return null;
    let length: u64 = NUMBER;
    for (let i: u32 = 0; i < count; i++) {
      const lengths = block.start + NUMBER + (i << 3);
      length += <u64>load<u32>(lengths) + load<u32>(lengths, 4) + 10;
    }
    return length == <u64>block.length ? new Pairs(block, count) : null;
  }

  /** The name of a pair; empty outside of 0 to `count` - 1. */
  nameAt(index: i32): Bytes {
    if (<u32>index >= <u32>this.count) return Bytes.EMPTY;
    this.seek(index);
    return this.block.viewAt(this.cursorStart, this.nameLength(index));
  }

  /** The value of a pair; empty outside of 0 to `count` - 1. */
  valueAt(index: i32): Bytes {
    if (<u32>index >= <u32>this.count) return Bytes.EMPTY;
    this.seek(index);
    return this.block.viewAt(this.cursorStart + this.nameLength(index) + 1, this.valueLength(index));
  }

  /** The first pair from `from` on with this name, whatever the case of its ASCII letters; -1 when there is none. */
  indexOf(name: Bytes, from: i32 = 0): i32 {
    const length = name.length;
    for (let i = max(from, 0); i < this.count; i++) {
      if (this.nameLength(i) != length) continue;
      this.seek(i);
      const start = this.cursorStart;
      if (sameBytes(start, name.start, length) || sameIgnoringCase(start, name.start, length)) return i;
    }
    return -1;
  }

  // @ts-ignore: decorator
  @inline
  private seek(index: i32): void {
    if (index != this.cursorIndex) this.move(index);
  }

  private move(index: i32): void {
    if (index < this.cursorIndex) this.rewind();
    for (; this.cursorIndex < index; this.cursorIndex++) {
      this.cursorStart += this.nameLength(this.cursorIndex) + this.valueLength(this.cursorIndex) + 2;
    }
  }

  private rewind(): void {
    this.cursorIndex = 0;
    this.cursorStart = this.lengths + ((<usize>this.count) << 3);
  }

  // @ts-ignore: decorator
  @inline
  private nameLength(index: i32): i32 {
    return load<i32>(this.lengths + ((<usize>index) << 3));
  }

  // @ts-ignore: decorator
  @inline
  private valueLength(index: i32): i32 {
    return load<i32>(this.lengths + ((<usize>index) << 3), 4);
  }
}

// @ts-ignore: decorator
@lazy
const noPairs: usize = immortal(new Pairs(Bytes.EMPTY, 0));

/** Writes pairs in the form in which the host takes them over; names and values go by turns. */
export function encodePairs(namesAndValues: Bytes[]): Bytes {
  const items = namesAndValues.length & ~1;
  let length = <i32>NUMBER;
  for (let i = 0; i < items; i++) length += namesAndValues[i].length + 5;
  const block = Bytes.fromBuffer(new ArrayBuffer(length));
  store<u32>(block.start, items >> 1);
  let lengths = block.start + NUMBER;
  let bytes = lengths + ((<usize>items) << 2);
  for (let i = 0; i < items; i++) {
    const item = namesAndValues[i];
    store<u32>(lengths, item.length);
    memory.copy(bytes, item.start, item.length);
    lengths += NUMBER;
    bytes += item.length + 1;
  }
  return block;
}
