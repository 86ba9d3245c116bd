/**
 * Whether the other end can still send, has sent all, or has broken off.
 *
 * @category Send and receive
 */
export type Ending = "open" | "ended" | "reset";

/** What one end of a connection has received and nobody has taken yet. */
export class Inbox {
  private pieces: Uint8Array[] = [];
  private waiting: Array<() => void> = [];
  private current: Ending = "open";

  /** Whether more can come. */
  get ending(): Ending {
    return this.current;
  }

  /** What is there, as one piece. */
  get bytes(): Uint8Array {
    const whole = new Uint8Array(Buffer.concat(this.pieces));
    this.pieces = [whole];
    return whole;
  }

  /** Takes away the first `length` bytes, which must be there. */
  take(length: number): Uint8Array {
    const { bytes } = this;
    this.pieces = [bytes.subarray(length)];
    return bytes.slice(0, length);
  }

  push(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.change();
  }

  /** Nothing more will come; only the first word of it counts. */
  finish(ending: Exclude<Ending, "open">): void {
    if (this.current !== "open") return;
    this.current = ending;
    this.change();
  }

  /** Resolves when something comes, or when it is clear that nothing will. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private change(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
