import { BufferType } from "../abi/types";
import { BufferContent } from "../buffer-content";
import { Bytes } from "../bytes";
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
  /** For the SDK. @internal */
  constructor(
    buffer: BufferType,
    private readonly flow: MessageFlow,
  ) {
    super(buffer, flow.stream);
  }

  /**
   * Adds a trailer to a message that has none; in the callback that shows the end of the body, and refused elsewhere.
   * Over HTTP/1.1 trailers are lost unless the body is sent in chunks, which `content-length` rules out.
   */
  addTrailer(name: Bytes, value: Bytes): bool {
    return this.flow.addTrailer(name, value);
  }

  /** For the SDK. @internal */
  get name(): Bytes {
    return this.flow.bodyName;
  }

  /** For the SDK. @internal */
  protected write(start: i32, length: i32, content: Bytes): bool {
    if (length == 0 && content.length == 0) return true; // also where there is no body, in the headers' callback
    if (length != content.length && !this.flow.allowsAnotherSize()) return false;
    if (!super.write(start, length, content)) return false;
    this.flow.declareSize(this.size);
    return true;
  }
}
