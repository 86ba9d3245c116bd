import { BufferType } from "./abi/types";
import { readBuffer, writeBuffer } from "./buffers";
import { Bytes, utf8 } from "./bytes";
import { replaceEach } from "./bytes/replacement";
import { Context, findContext } from "./contexts";
import { actAs, actAsBefore } from "./effective-context";
import { Refused, refuse } from "./refusals";

/** Whether the host has the bytes where the SDK would look for them. */
enum Reach {
  NotYet,
  Now,
  NoMore,
}

/** Bytes that the host keeps, and that a filter may change while they pass: a body, or what a connection carries. */
export abstract class BufferContent {
  private length: i32 = 0;
  private reach: Reach = Reach.NotYet;

  /** For the SDK. @internal */
  constructor(
    private readonly buffer: BufferType,
    private readonly owner: Context,
  ) {}

  /** How many bytes there are. */
  get size(): i32 {
    return this.length;
  }

  /** `length` bytes from `start` on, in a copy; without what lies outside. */
  read(start: i32 = 0, length: i32 = i32.MAX_VALUE): Bytes {
    if (!this.isReachable) return Bytes.EMPTY;
    const from = min(max(start, 0), this.length);
    const before = actAs(this.owner.contextId);
    const bytes = readBuffer(this.buffer, from, min(length, this.length - from));
    actAsBefore(before);
    return bytes;
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
   * when the result is refused or would be larger than 16 MiB. What is spread over two pieces is not found: look into
   * the whole for that.
   */
  replaceEach(needle: Bytes, replacement: Bytes): i32 {
    const replaced = replaceEach(this.read(), needle, replacement);
    return replaced !== null && this.replace(replaced.bytes) ? replaced.count : 0;
  }

  /** For the SDK: so many bytes are there now. @internal */
  hold(length: i32): void {
    this.length = length;
    this.reach = Reach.Now;
  }

  /** For the SDK: the bytes have gone on, or nobody will take them or knows where they are any more. @internal */
  release(): void {
    this.length = 0;
    if (this.reach == Reach.Now) this.reach = Reach.NoMore;
  }

  /** For the SDK: whose bytes they are, for messages. @internal */
  abstract get name(): Bytes;

  /** For the SDK: puts bytes in the place of the first `length`, for `start` 0, or behind the last one. @internal */
  protected write(start: i32, length: i32, content: Bytes): bool {
    if (!this.isReachable) return this.refuseChange();
    const before = actAs(this.owner.contextId);
    const isWritten = writeBuffer(this.buffer, start, length, content);
    actAsBefore(before);
    if (isWritten) this.length += content.length - length;
    return isWritten;
  }

  private get isReachable(): bool {
    return this.reach == Reach.Now && findContext(this.owner.contextId) === this.owner;
  }

  private refuseChange(): bool {
    const reason =
      this.reach == Reach.NotYet
        ? utf8("it has not come, or there is none: change it when it is shown")
        : utf8("it has gone on: change it when it is shown, or while it is held");
    return refuse(Refused.ChangeBody, utf8("a change of ").concat(this.name), reason);
  }
}
