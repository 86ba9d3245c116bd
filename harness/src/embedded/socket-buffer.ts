import { BodyBuffer, concatBytes } from "./body-buffer.ts";

/** Envoy's default for `per_connection_buffer_limit_bytes`: it reads no more while it holds more than that. */
const limitBytes = 1 << 20;
/** How much Envoy reads at once. */
const pieceBytes = 1 << 17;

/** What one end of a connection has sent: some of it read into the proxy's buffer, the rest still in the kernel's. */
export class SocketBuffer {
  /** What the proxy has read and not passed on. */
  readonly read = new BodyBuffer(new Uint8Array());
  /** How much the proxy has read. */
  readBytes = 0n;
  private unread: Uint8Array = new Uint8Array();
  private hasEnded = false;
  private isEndRead = false;

  add(bytes: Uint8Array): void {
    this.unread = concatBytes([this.unread, bytes]);
  }

  end(): void {
    this.hasEnded = true;
  }

  /** Whether all that was sent, and that it was all, has been read. */
  get isAtEnd(): boolean {
    return this.isEndRead;
  }

  get hasUnread(): boolean {
    return this.unread.length > 0;
  }

  /** Reads a piece; false when nothing new is there, or the buffer is full. */
  readMore(): boolean {
    const hasMore = this.unread.length > 0 || (this.hasEnded && !this.isEndRead);
    if (!hasMore || this.read.bytes.length > limitBytes) return false;
    const piece = this.unread.subarray(0, pieceBytes);
    this.read.bytes = concatBytes([this.read.bytes, piece]);
    this.readBytes += BigInt(piece.length);
    this.unread = this.unread.slice(pieceBytes);
    this.isEndRead = this.hasEnded && this.unread.length === 0;
    return true;
  }

  /** Takes all that was read. */
  take(): Uint8Array {
    const { bytes } = this.read;
    this.read.bytes = new Uint8Array();
    return bytes;
  }
}
