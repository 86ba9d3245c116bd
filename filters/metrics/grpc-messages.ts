import { Body, Bytes, utf8 } from "as-proxy-wasm";

/** A message begins with a byte for its compression and four for its length. */
const PREFIX = 5;

/** How much is read of a chunk at a time: short messages need one host call for many of them. */
const WINDOW = 512;

/** Counts the messages of one direction of a gRPC stream as it passes, wherever its chunks end. */
export class MessageCount {
  messages: u32 = 0;
  private prefixBytes: i32 = 0;
  private length: u32 = 0;
  /** What is still to come of the message that has begun. */
  private rest: u32 = 0;

  /** Looks at the next chunk of the body. */
  feed(body: Body): void {
    let window = Bytes.EMPTY;
    let first = 0;
    let at = 0;
    while (at < body.size) {
      if (this.rest > 0) {
        at += this.skip(body.size - at);
        continue;
      }
      if (at >= first + window.length) {
        first = at;
        window = body.read(at, WINDOW);
        if (window.length == 0) return;
      }
      this.takePrefix(window[at++ - first]);
    }
  }

  private skip(there: i32): i32 {
    const skipped = min<u32>(this.rest, there);
    this.rest -= skipped;
    return skipped;
  }

  private takePrefix(byte: u8): void {
    if (this.prefixBytes > 0) this.length = (this.length << 8) | byte;
    if (++this.prefixBytes < PREFIX) return;
    this.messages++;
    this.rest = this.length;
    this.prefixBytes = 0;
    this.length = 0;
  }
}

/** Whether a content-type is gRPC's, with whatever message format; gRPC-Web is another protocol. */
export function isGrpc(contentType: Bytes | null): bool {
  if (contentType === null || !contentType.startsWith(utf8("application/grpc"))) return false;
  const next = contentType[16];
  return next == 0 || next == 0x2b || next == 0x3b; // the end, + or ;
}
