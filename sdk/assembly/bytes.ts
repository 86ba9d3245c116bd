import { findBytes, hashBytes, sameBytes, sameIgnoringCase } from "./bytes/search";
import { DECIMAL_END, writeDecimal } from "./bytes/decimal";
import { HEADER } from "./runtime/blocks";
import { makeObject, makeOldObject } from "./runtime/objects";
import { decodeText, encodeText } from "./bytes/unicode";

/**
 * An immutable view of bytes: a header value, a body chunk, a literal. No method traps, whatever the arguments. A
 * view keeps the block that it looks into alive, however small the view is: `copy()` what is to outlive its callback.
 *
 * @category Bytes
 */
export class Bytes {
  /** The view of no bytes. */
  // @ts-ignore: decorator
  @inline
  static get EMPTY(): Bytes {
    return changetype<Bytes>(emptyBytes);
  }

  /**
   * For the SDK: `block` is null when the bytes stand in a data segment; `start` is an address in linear memory.
   *
   * @internal
   */
  constructor(
    private readonly block: ArrayBuffer | null,
    /** Address of the first byte in linear memory; valid as long as this object is reachable. */
    readonly start: usize,
    /** How many bytes there are. */
    readonly length: i32,
  ) {}

  /**
   * For the SDK: as the constructor, in fewer steps. A store into an object that was made just now cannot let an old
   * object refer to a young one, so that the runtime need not be told of it.
   *
   * @internal
   */
  static view(block: ArrayBuffer | null, start: usize, length: i32): Bytes {
    return Bytes.fill(makeObject(offsetof<Bytes>(), idof<Bytes>()), block, start, length);
  }

  // @ts-ignore: decorator
  @inline
  private static fill(view: usize, block: ArrayBuffer | null, start: usize, length: i32): Bytes {
    store<usize>(view, changetype<usize>(block), offsetof<Bytes>("block"));
    store<usize>(view, start, offsetof<Bytes>("start"));
    store<i32>(view, length, offsetof<Bytes>("length"));
    return changetype<Bytes>(view);
  }

  /** The UTF-8 form of a string; each lone surrogate becomes U+FFFD. Allocates: `utf8("literal")` does not. */
  static fromString(text: string): Bytes {
    return Bytes.fromBuffer(encodeText(text));
  }

  /** A whole number in decimal digits. */
  static fromInteger(value: i64): Bytes {
    const first = writeDecimal(value);
    const length = <i32>(DECIMAL_END - first);
    return Bytes.copyOf(first, length);
  }

  /** For the SDK: a copy of `length` bytes that stand at an address. @internal */
  static copyOf(start: usize, length: i32): Bytes {
    const block = __new(length, idof<ArrayBuffer>());
    memory.copy(block, start, length);
    return Bytes.fromBuffer(changetype<ArrayBuffer>(block));
  }

  /** A view of a whole buffer, without a copy: later writes to the buffer show. */
  static fromBuffer(buffer: ArrayBuffer): Bytes {
    return Bytes.view(buffer, changetype<usize>(buffer), buffer.byteLength);
  }

  /** The byte at an index; 0 outside of the view. */
  // @ts-ignore: decorator
  @operator("[]")
  at(index: i32): u8 {
    return <u32>index < <u32>this.length ? load<u8>(this.start + index) : 0;
  }

  /**
   * Whether both hold the same bytes; `==` would ask whether they are the same object. Not in constant time: not for
   * secrets: `equalsConstantTime`.
   */
  equals(other: Bytes): bool {
    return this.length == other.length && sameBytes(this.start, other.start, this.length);
  }

  /** As `equals`, in a time that depends on the lengths and on no byte: for secrets. */
  equalsConstantTime(secret: Bytes): bool {
    let difference = this.length ^ secret.length;
    for (let i = 0; i < this.length; i++) difference |= load<u8>(this.start + i) ^ secret[i];
    return difference == 0;
  }

  /** Whether both hold the same bytes but for the case of the ASCII letters. */
  equalsIgnoreCase(other: Bytes): bool {
    return this.length == other.length && sameIgnoringCase(this.start, other.start, this.length);
  }

  /** Whether these bytes begin with the others. */
  startsWith(prefix: Bytes): bool {
    return this.length >= prefix.length && sameBytes(this.start, prefix.start, prefix.length);
  }

  /** Whether these bytes end with the others. */
  endsWith(suffix: Bytes): bool {
    const skipped = this.length - suffix.length;
    return skipped >= 0 && sameBytes(this.start + skipped, suffix.start, suffix.length);
  }

  /** Where the needle first stands at or after `from`; -1 when nowhere. */
  indexOf(needle: Bytes, from: i32 = 0): i32 {
    const skipped = min(max(from, 0), this.length);
    const found = findBytes(this.start + skipped, this.length - skipped, needle.start, needle.length);
    return found < 0 ? -1 : skipped + found;
  }

  /** The bytes from `from` up to, not including, `to`, both clamped to the view; no copy. */
  slice(from: i32, to: i32 = i32.MAX_VALUE): Bytes {
    const first = min(max(from, 0), this.length);
    const end = min(max(to, first), this.length);
    return Bytes.view(this.block, this.start + first, end - first);
  }

  /** For the SDK: `length` bytes at an address that is known to be inside of this view. @internal */
  // @ts-ignore: decorator
  @inline
  viewAt(start: usize, length: i32): Bytes {
    return Bytes.view(this.block, start, length);
  }

  /** The bytes without the spaces and tabs at both ends: RFC 9110's optional whitespace. */
  trim(): Bytes {
    let from = 0;
    let to = this.length;
    while (from < to && isBlank(load<u8>(this.start + from))) from++;
    while (to > from && isBlank(load<u8>(this.start + to - 1))) to--;
    return this.slice(from, to);
  }

  /** These bytes and then the others, in a block of their own. */
  concat(other: Bytes): Bytes {
    const block = __new(<usize>this.length + other.length, idof<ArrayBuffer>());
    memory.copy(block, this.start, this.length);
    memory.copy(block + this.length, other.start, other.length);
    return Bytes.fromBuffer(changetype<ArrayBuffer>(block));
  }

  /**
   * The same bytes in a block of their own, which keeps nothing else alive: for what is to outlive its callback, which
   * a view of a header would do only together with all that the callback made.
   */
  copy(): Bytes {
    if (this.length == 0) return Bytes.EMPTY;
    const block = makeOldObject(this.length, idof<ArrayBuffer>());
    memory.copy(block, this.start, this.length);
    const view = makeOldObject(offsetof<Bytes>(), idof<Bytes>());
    return Bytes.fill(view, changetype<ArrayBuffer>(block), block, this.length);
  }

  /** A 32-bit hash of the bytes: equal bytes have equal hashes. Not for secrets, and not stable across versions. */
  hash(): u32 {
    return hashBytes(this.start, this.length);
  }

  /** The bytes as text: UTF-8, each ill-formed sequence as one U+FFFD. Compare bytes, not texts. */
  toString(): string {
    return decodeText(this.start, this.length);
  }
}

/**
 * The UTF-8 form of a text. Of a literal, `utf8("x-api-key")`, the SDK's transform makes a constant in a data
 * segment, so that nothing is allocated when it is used; of any other expression it is `Bytes.fromString`.
 *
 * @category Bytes
 */
export function utf8(text: string): Bytes {
  return Bytes.fromString(text);
}

// A view that stands in a data segment, as the transform makes them of literals, too: the header of a block, see
// `runtime/blocks.ts`, then the fields of `Bytes`: its buffer, which is none, the first byte's address, the length. An
// address is no reference, so that nobody looks at it when memory is freed.
// @ts-ignore: decorator
@lazy
@inline
const emptyBytes: usize = memory.data<u32>([0, 0, idof<Bytes>(), offsetof<Bytes>(), 0, 0, 0], 16) + HEADER;

// @ts-ignore: decorator
@inline
function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x09;
}
