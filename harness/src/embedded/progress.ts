import { HarnessError } from "../errors.ts";
import { Present } from "./present.ts";
import { nanos, type VirtualClock } from "./virtual-clock.ts";

/** Somebody who waits for something that time may bring. */
interface Waiter {
  readonly resolve: (hasCome: boolean) => void;
  readonly reject: (error: unknown) => void;
}

interface WaitingStream extends Waiter {
  readonly stream: object;
}

/** A test that moves the clock. */
interface Advance extends Waiter {
  readonly untilNanos: bigint;
}

/**
 * How a proxy gets on: what is due happens, and the clock moves on to it, when no stream has anything left to do, no
 * upstream's handler is at work, and the test waits. So nobody waits for a delay, and what happens has one order
 * whatever the machine does.
 */
export class Progress {
  private readonly clock: VirtualClock;
  private readonly waiting = new Present<WaitingStream>();
  private readonly settling: Waiter[] = [];
  private readonly advances: Advance[] = [];
  private failure: { readonly error: unknown } | null = null;
  private openStreams = 0;
  private handlers = 0;
  /** How far the clock may move on by itself while streams wait. */
  private untilNanos = 0n;
  private isFrozen = false;
  /** A test has moved the clock while a stream was open: it does so until none is. */
  private isMoved = false;
  private willTurn = false;
  private willMove = false;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** Notes that a stream begins; `close` ends it. */
  open(): void {
    this.openStreams++;
  }

  close(): void {
    if (--this.openStreams === 0) this.isMoved = false;
    this.look();
  }

  /** Resolves with true at the stream's `wake`, and with false when nothing before `untilNanos` could bring it about. */
  wait(stream: object, untilNanos: bigint): Promise<boolean> {
    if (untilNanos > this.untilNanos) this.untilNanos = untilNanos;
    this.look();
    return new Promise((resolve, reject) => this.waiting.add({ stream, resolve, reject }));
  }

  wake(stream: object): void {
    this.take(stream)?.resolve(true);
  }

  /** Time stands still while an upstream's handler is at work; what it throws refuses the stream that waits for it. */
  during(work: Promise<void>, stream: object | null): void {
    this.handlers++;
    this.waitFor(work, stream);
  }

  /** As `during`, of work that begins once what runs now has come to its end, and may be done at once. */
  soon(begin: () => Promise<void> | undefined, stream: object): void {
    this.handlers++;
    void soon.then(() => this.begin(begin, stream));
  }

  /** Moves the clock; what falls due happens in its order. Until no stream is open, the clock moves by this alone. */
  advance(ms: number): Promise<boolean> {
    if (this.openStreams > 0) this.isMoved = true;
    const from = this.advances.at(-1)?.untilNanos ?? this.clock.stand();
    return this.waiter(({ resolve, reject }) =>
      this.advances.push({ resolve, reject, untilNanos: from + nanos(ms) }),
    );
  }

  /** From now on the clock moves by `advance` alone. */
  freeze(): void {
    this.clock.stand();
    this.isFrozen = true;
  }

  /** The clock moves on by itself again. */
  thaw(): void {
    this.isFrozen = false;
    this.isMoved = false;
    this.look();
  }

  /**
   * Resolves when every stream has ended and every callout is answered. Refused with `stream_stuck` when that takes a
   * time that only the test can let pass.
   */
  async settled(): Promise<void> {
    const isSettled = await this.waiter((waiter) => this.settling.push(waiter));
    if (!isSettled) throw waitsForTest(this.openStreams);
  }

  private begin(begin: () => Promise<void> | undefined, stream: object): void {
    try {
      const work = begin();
      if (work !== undefined) return this.waitFor(work, stream);
    } catch (error) {
      this.fail(error, stream);
    }
    this.done();
  }

  private waitFor(work: Promise<void>, stream: object | null): void {
    const failed = (error: unknown): void => {
      this.fail(error, stream);
      this.done();
    };
    void work.then(() => this.done(), failed);
  }

  private done(): void {
    this.handlers--;
    this.look();
  }

  private get isHeld(): boolean {
    return this.isFrozen || this.isMoved;
  }

  /** How far the clock may move for what is due. */
  private get limitNanos(): bigint {
    const now = this.clock.nowNanos();
    const [advance] = this.advances;
    if (advance !== undefined) return advance.untilNanos;
    if (this.isHeld) return now;
    if (this.openStreams > 0) return this.untilNanos;
    return this.settling.length > 0 ? (this.clock.lastNanos ?? now) : now;
  }

  private waiter(add: (waiter: Waiter) => void): Promise<boolean> {
    this.look();
    return new Promise((resolve, reject) => add({ resolve, reject }));
  }

  private take(stream: object): Waiter | undefined {
    return this.waiting.take((waiter) => waiter.stream === stream);
  }

  /** Sees to it that the proxy gets on, once what runs now has come to its end. */
  private look(): void {
    if (this.willTurn) return;
    this.willTurn = true;
    void soon.then(this.turnNow);
  }

  private readonly turnNow = (): void => {
    this.willTurn = false;
    this.turn();
  };

  /** Does what is due by now; the clock moves only when the test, too, has had its turn. */
  private turn(): void {
    if (this.isBusy || this.stepNow() || this.handlers > 0 || this.willMove) return;
    this.willMove = true;
    setImmediate(() => {
      this.willMove = false;
      this.move();
    });
  }

  private move(): void {
    if (this.isBusy || this.handlers > 0) return;
    if (!this.step(this.limitNanos)) this.rest();
  }

  /** To look at the clock takes longer than to see that nothing is due. */
  private stepNow(): boolean {
    return this.clock.nextNanos !== null && this.step(this.clock.nowNanos());
  }

  private step(untilNanos: bigint): boolean {
    try {
      if (!this.clock.step(untilNanos)) return false;
    } catch (error) {
      this.fail(error, null);
    }
    this.look();
    return true;
  }

  /** Whether some stream has something to do. */
  private get isBusy(): boolean {
    return this.waiting.size < this.openStreams;
  }

  /** Nothing is left to happen. */
  private rest(): void {
    const advance = this.advances.shift();
    if (advance !== undefined) {
      this.clock.moveTo(advance.untilNanos);
      advance.resolve(true);
      this.look();
    } else if (this.isHeld && this.openStreams > 0 && this.clock.nextNanos !== null) {
      for (const waiter of this.settling.splice(0)) waiter.resolve(false);
    } else if (this.openStreams > 0) {
      this.waiting.take(() => true)?.resolve(false); // one at a time: its end may bring the others on
    } else {
      for (const waiter of this.settling.splice(0)) this.settle(waiter);
    }
  }

  private settle(waiter: Waiter): void {
    const { failure } = this;
    this.failure = null;
    if (failure === null) waiter.resolve(true);
    else waiter.reject(failure.error);
  }

  private fail(error: unknown, stream: object | null): void {
    const waiter =
      this.waiting.take((each) => stream === null || each.stream === stream) ?? this.advances.shift();
    if (waiter === undefined) this.failure ??= { error };
    else waiter.reject(error);
  }
}

/** Node's own queueMicrotask makes a resource of each task, which takes three times as long. */
const soon = Promise.resolve();

function waitsForTest(streams: number): HarnessError {
  return new HarnessError(
    "stream_stuck",
    `${streams} of the requests under way wait for a time that has not come, and the test moves the clock itself: ` +
      "let it pass with await proxy.clock.advance(ms)",
  );
}
