import type { RunningConnection } from "./backend.ts";
import { HarnessError } from "./errors.ts";
import type { Ending } from "./inbox.ts";
import { dataBytes, endedAlready, type DataInput } from "./tcp-upstream.ts";

/** What a connection tells the proxy that it belongs to. */
export interface ConnectionOwner {
  /** Something is about to happen: the last snapshot is out of date. */
  touch(): void;
  /** Refused with `filter_trapped` when that is why nothing more comes. */
  refuseTraps(): Promise<void>;
}

/**
 * A client's connection to the proxy. What comes back waits to be taken, in its order; a wait ends with what it waited for,
 * or as soon as it is clear that it will not come, and not by time.
 *
 * @category Send and receive
 */
export class ClientConnection {
  private readonly running: RunningConnection;
  private readonly owner: ConnectionOwner;
  private hasEnded = false;

  constructor(running: RunningConnection, owner: ConnectionOwner) {
    this.running = running;
    this.owner = owner;
  }

  /**
   * Sends bytes; resolves when they have left, whether or not anybody takes them. How the proxy sees them cut into pieces
   * is up to the network.
   */
  async send(data: DataInput): Promise<void> {
    this.owner.touch();
    await this.running.send(dataBytes(data));
  }

  /** Sends no more; what the proxy sends still comes. */
  async end(): Promise<void> {
    this.owner.touch();
    this.hasEnded = true;
    await this.running.end();
  }

  /** Leaves without a word: the proxy sees a reset. Refused with `invalid_input` after `end()`, which cannot be undone. */
  async reset(): Promise<void> {
    if (this.hasEnded) throw endedAlready();
    this.owner.touch();
    await this.running.reset();
  }

  /** Takes the next `length` bytes. Refused with `internal` when the connection is over before, and as `request` is. */
  receive(length: number): Promise<Uint8Array> {
    const { inbox } = this.running;
    return this.taken(`${length} bytes`, () => (inbox.bytes.length >= length ? inbox.take(length) : null));
  }

  /** Takes everything up to the first such bytes, these included. Refused as `receive` is. */
  receiveUntil(delimiter: DataInput): Promise<Uint8Array> {
    const { inbox } = this.running;
    const bytes = Buffer.from(dataBytes(delimiter));
    return this.taken(`${JSON.stringify(bytes.toString("latin1"))}`, () => {
      const at = Buffer.from(inbox.bytes).indexOf(bytes);
      return at < 0 ? null : inbox.take(at + bytes.length);
    });
  }

  /** Takes everything until the proxy sends no more. Refused with `internal` when the connection breaks off instead. */
  receiveRest(): Promise<Uint8Array> {
    const { inbox } = this.running;
    return this.taken("the end", () => (inbox.ending === "ended" ? inbox.take(inbox.bytes.length) : null));
  }

  /** Waits until the proxy sends no more, and says how: it has ended the connection, or broken it off. */
  async closed(): Promise<Exclude<Ending, "open">> {
    const { inbox } = this.running;
    for (;;) {
      if (inbox.ending !== "open") return inbox.ending;
      await this.progress("the end");
    }
  }

  private async taken(what: string, take: () => Uint8Array | null): Promise<Uint8Array> {
    const { inbox } = this.running;
    for (;;) {
      const found = take();
      if (found !== null) return found;
      if (inbox.ending !== "open") throw await this.over(what, inbox.ending);
      await this.progress(what);
    }
  }

  /** Waits for a change. What a trap has caused is blamed on the trap. */
  private async progress(what: string): Promise<void> {
    this.owner.touch();
    const { inbox } = this.running;
    try {
      await this.running.progress(() => `${what} did not come, of ${inbox.bytes.length} bytes that did`);
    } catch (error) {
      await this.owner.refuseTraps();
      throw error;
    }
  }

  private async over(what: string, ending: Ending): Promise<HarnessError> {
    await this.owner.refuseTraps();
    const how = ending === "reset" ? "was reset" : "has ended";
    const { bytes } = this.running.inbox;
    return new HarnessError(
      "internal",
      `the connection ${how} before ${what}, ${bytes.length} bytes were left`,
    );
  }
}
