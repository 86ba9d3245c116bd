import { BufferType } from "./abi/types";
import { readBuffer } from "./buffers";
import { Bytes } from "./bytes";
import { replaceEach } from "./bytes/replacement";

/** Bytes that the host keeps, and that a filter may change while they pass: a body, or what a connection carries. */
export abstract class BufferContent {
  /** For the SDK: how many bytes are there, as far as it knows. @internal */
  protected length: i32 = 0;

  constructor(
    /** For the SDK: the host's number for where they are. @internal */
    protected readonly buffer: BufferType,
  ) {}

  /** How many bytes there are. */
  get size(): i32 {
    return this.length;
  }

  /** `length` bytes from `start` on, in a copy; without what lies outside. */
  read(start: i32 = 0, length: i32 = i32.MAX_VALUE): Bytes {
    const from = min(max(start, 0), this.length);
    return readBuffer(this.buffer, from, min(length, this.length - from));
  }

  /** Puts these bytes in the place of all that are there. False when it is refused, as for all that follow. */
  replace(content: Bytes): bool {
    return this.write(0, this.length, content);
  }

  /** Puts these bytes behind those that are there. */
  append(content: Bytes): bool {
    return this.write(this.length, 0, content);
  }

  /** Puts these bytes before those that are there. */
  prepend(content: Bytes): bool {
    return this.write(0, 0, content);
  }

  /**
   * Replaces each occurrence of some bytes, from the start on and without overlap, and returns how many there were; 0
   * when the result is refused or would be larger than 16 MiB. What is spread over two pieces is not found: look into
   * the whole for that.
   */
  replaceEach(needle: Bytes, replacement: Bytes): i32 {
    const replaced = replaceEach(this.read(), needle, replacement);
    return replaced !== null && this.replace(replaced.bytes) ? replaced.count : 0;
  }

  /** For the SDK: so many bytes are there now. @internal */
  hold(length: i32): void {
    this.length = length;
  }

  /** For the SDK: puts bytes in the place of the first `length`, for `start` 0, or behind the last one. @internal */
  protected abstract write(start: i32, length: i32, content: Bytes): bool;
}
