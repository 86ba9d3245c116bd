import { BufferType } from "../abi/types";
import { BufferContent } from "../buffer-content";
import { writeBuffer } from "../buffers";
import { Bytes } from "../bytes";
import { MessageFlow } from "./message-flow";

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
export class Body extends BufferContent {
  /** For the SDK. @internal */
  constructor(
    buffer: BufferType,
    private readonly flow: MessageFlow,
  ) {
    super(buffer);
  }

  /**
   * Adds a trailer to a message that has none; in the callback that shows the end of the body, and refused elsewhere.
   * Over HTTP/1.1 trailers are lost unless the body is sent in chunks, which `content-length` rules out.
   */
  addTrailer(name: Bytes, value: Bytes): bool {
    return this.flow.addTrailer(name, value);
  }

  /** For the SDK. @internal */
  protected write(start: i32, length: i32, content: Bytes): bool {
    const size = this.length - length + content.length;
    if (size != this.length && !this.flow.allowsAnotherSize()) return false;
    if (!writeBuffer(this.buffer, start, length, content)) return false;
    this.length = size;
    this.flow.declareSize(size);
    return true;
  }
}
