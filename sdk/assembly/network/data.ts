import { BufferContent } from "../buffer-content";
import { Bytes, utf8 } from "../bytes";

/**
 * Bytes of one direction of a connection: those that have just come, or all since the filter paused. How they are cut
 * into pieces is up to the network. Valid in the callback that was given them; what the client sent also later, as long
 * as the filter holds it. Elsewhere they are empty, and a change is refused, which is logged at error. Source:
 * proxy-wasm ABI 0.2.1, "Buffers", `NETWORK_DOWNSTREAM_DATA` and `NETWORK_UPSTREAM_DATA`.
 *
 * @category Connections
 */
export class NetworkData extends BufferContent {
  /** Takes away the first `length` bytes, all of them by default: nobody behind the filter gets them. */
  drain(length: i32 = i32.MAX_VALUE): bool {
    return this.write(0, min(max(length, 0), this.size), Bytes.EMPTY);
  }

  /** For the SDK: for messages. @internal */
  get name(): Bytes {
    return utf8("a connection's data");
  }
}
