import { BufferType } from "../abi/types";
import { BufferContent } from "../buffer-content";
import { writeBuffer } from "../buffers";
import { Bytes, utf8 } from "../bytes";
import { findContext } from "../contexts";
import { actAs, actAsBefore } from "../effective-context";
import { FilterStream } from "../filter-stream";
import { Refused, refuse } from "../refusals";

/**
 * Bytes of one direction of a connection: those that have just come, or all since the filter paused. How they are cut
 * into pieces is up to the network. Valid in the callback that was given them; what the client sent also later, as long
 * as the filter holds it. Elsewhere they are empty, and a change is refused, which is logged at error. Source:
 * proxy-wasm ABI 0.2.1, "Buffers", `NETWORK_DOWNSTREAM_DATA` and `NETWORK_UPSTREAM_DATA`.
 *
 * @category Connections
 */
export class NetworkData extends BufferContent {
  private isThere: bool = false;

  /** For the SDK. @internal */
  constructor(
    buffer: BufferType,
    private readonly stream: FilterStream,
  ) {
    super(buffer);
  }

  /** `length` bytes from `start` on, in a copy; without what lies outside. */
  read(start: i32 = 0, length: i32 = i32.MAX_VALUE): Bytes {
    if (!this.isReachable) return Bytes.EMPTY;
    const before = actAs(this.stream.contextId);
    const bytes = super.read(start, length);
    actAsBefore(before);
    return bytes;
  }

  /** Takes away the first `length` bytes, all of them by default: nobody behind the filter gets them. */
  drain(length: i32 = i32.MAX_VALUE): bool {
    return this.write(0, min(max(length, 0), this.length), Bytes.EMPTY);
  }

  /** For the SDK: so many bytes are there now. @internal */
  hold(length: i32): void {
    this.length = length;
    this.isThere = true;
  }

  /** For the SDK: the bytes have gone on, or nobody will take them any more. @internal */
  release(): void {
    this.length = 0;
    this.isThere = false;
  }

  /** For the SDK. @internal */
  protected write(start: i32, length: i32, content: Bytes): bool {
    if (!this.isReachable)
      return refuse(
        Refused.ChangeBody,
        utf8("a change of a connection's data"),
        utf8("it has gone on: change it when it is shown, or while it is held"),
      );
    const before = actAs(this.stream.contextId);
    const isWritten = writeBuffer(this.buffer, start, length, content);
    actAsBefore(before);
    if (isWritten) this.length += content.length - length;
    return isWritten;
  }

  private get isReachable(): bool {
    return this.isThere && findContext(this.stream.contextId) === this.stream;
  }
}
