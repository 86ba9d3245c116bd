import { BufferType } from "./abi/types";
import { readBuffer, writeBuffer } from "./buffers";
import { Bytes } from "./bytes";
import { MessageFlow } from "./message-flow";
import { replaceEach } from "./replacement";

/**
 * The bytes of a message's body that are there: in `onRequestBody` and `onResponseBody` this chunk, or all that was
 * held since the filter paused, in `onWholeRequestBody` and `onWholeResponseBody` all of them. Valid during the
 * callback that was given it; a whole body as long as the message is held.
 *
 * A change of the size is refused, which is logged at error, unless the filter called `rewriteRequestBody` or
 * `bufferRequestBody`, or their siblings for the response, when it saw the headers: it would belie `content-length`.
 * Source: proxy-wasm ABI 0.2.1, "Buffers".
 *
 * @category Bodies
 */
export class Body {
  private length: i32 = 0;

  /** For the SDK. @internal */
  constructor(
    private readonly buffer: BufferType,
    private readonly flow: MessageFlow,
  ) {}

  /** How many bytes there are. */
  get size(): i32 {
    return this.length;
  }

  /** `length` bytes from `start` on, in a copy; without what lies outside of the body. */
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
   * when the result is refused or would be larger than 16 MiB. What is spread over two chunks is not found: look into
   * the whole body for that.
   */
  replaceEach(needle: Bytes, replacement: Bytes): i32 {
    const replaced = replaceEach(this.read(), needle, replacement);
    return replaced !== null && this.replace(replaced.bytes) ? replaced.count : 0;
  }

  /**
   * Adds a trailer to a message that has none; in the callback that shows the end of the body, and refused elsewhere.
   * Over HTTP/1.1 trailers are lost unless the body is sent in chunks, which `content-length` rules out.
   */
  addTrailer(name: Bytes, value: Bytes): bool {
    return this.flow.addTrailer(name, value);
  }

  /** For the SDK: so many bytes are there now. @internal */
  hold(length: i32): void {
    this.length = length;
  }

  private write(start: i32, length: i32, content: Bytes): bool {
    const size = this.length - length + content.length;
    if (size != this.length && !this.flow.allowsAnotherSize()) return false;
    if (!writeBuffer(this.buffer, start, length, content)) return false;
    this.length = size;
    this.flow.declareSize(size);
    return true;
  }
}
