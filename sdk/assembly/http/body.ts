import { BufferType } from "../abi/types";
import { BufferContent } from "../buffer-content";
import { writeBuffer } from "../buffers";
import { Bytes } from "../bytes";
import { actAs, actAsBefore } from "../effective-context";
import { MessageFlow } from "./message-flow";

/**
 * The bytes of a message's body that are there: in `onRequestBody` and `onResponseBody` this chunk, or all that was
 * held since the filter paused, in `onWholeRequestBody` and `onWholeResponseBody` all of them. Valid during the
 * callback that was given it, and afterwards as long as the message is held by `Action.Pause`. Elsewhere it is empty, and a
 * change is refused, which is logged at error: Envoy 1.40 would look where the bytes were.
 *
 * A change of the size is refused, which is logged at error, unless the filter called `rewriteRequestBody` or
 * `bufferRequestBody`, or their siblings for the response, when it saw the headers: it would belie `content-length`.
 * Source: proxy-wasm ABI 0.2.1, "Buffers".
 *
 * @category Bodies
 */
export class Body extends BufferContent {
  private isThere: bool = false;

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

  /** `length` bytes from `start` on, in a copy; without what lies outside. */
  read(start: i32 = 0, length: i32 = i32.MAX_VALUE): Bytes {
    if (!this.isReachable) return Bytes.EMPTY;
    const before = actAs(this.flow.contextId);
    const bytes = super.read(start, length);
    actAsBefore(before);
    return bytes;
  }

  /** For the SDK: so many bytes are there now. @internal */
  hold(length: i32): void {
    this.length = length;
    this.isThere = true;
  }

  /** For the SDK: the bytes have gone on, or Envoy does not know any more where they are. @internal */
  release(): void {
    this.length = 0;
    this.isThere = false;
  }

  /** For the SDK. @internal */
  protected write(start: i32, length: i32, content: Bytes): bool {
    if (length == 0 && content.length == 0) return true; // also where there is no body, in the headers' callback
    const size = this.length - length + content.length;
    if (size != this.length && !this.flow.allowsAnotherSize()) return false;
    if (!this.isReachable) return this.flow.refuseChange();
    const before = actAs(this.flow.contextId);
    const isWritten = writeBuffer(this.buffer, start, length, content);
    if (isWritten) {
      this.length = size;
      this.flow.declareSize(size);
    }
    actAsBefore(before);
    return isWritten;
  }

  private get isReachable(): bool {
    return this.isThere && this.flow.isStreamThere;
  }
}
