const nanosPerMs = 1_000_000n;

/** Something that is to happen at a moment. */
interface Due {
  readonly atNanos: bigint;
  readonly happen: () => void;
}

/**
 * The time inside the proxy, in nanoseconds since the epoch, UTC, and what is due in it. It runs with the real one until
 * something becomes due at a time or somebody moves it, and stands still from then on: what a test sees does not depend on
 * how fast it runs.
 */
export class VirtualClock {
  private readonly beganMs = performance.now();
  private readonly beganNanos = realNanos();
  private standingNanos: bigint | null = null;
  /** By how much the wall clock is ahead. */
  private wallShiftNanos = 0n;
  /** In the order in which it is due; what is due at one moment, in the order in which it was asked for. */
  private readonly due: Due[] = [];
  private readonly ticks = new Map<object, Due>();

  nowNanos(): bigint {
    return this.standingNanos ?? realNanos();
  }

  /** Since the clock was made. */
  elapsedNanos(): number {
    return this.standingNanos === null
      ? Math.round((performance.now() - this.beganMs) * 1e6)
      : Number(this.standingNanos - this.beganNanos);
  }

  /** What the wall clock shows: it can be set, and time passes alike. */
  wallNanos(): bigint {
    return this.nowNanos() + this.wallShiftNanos;
  }

  /** Sets the wall clock forward, or back by a negative number. */
  shiftWall(ms: number): void {
    this.wallShiftNanos += nanos(ms);
  }

  /** The moment of what is due next; null when nothing is. */
  get nextNanos(): bigint | null {
    return this.due[0]?.atNanos ?? null;
  }

  /** The moment of the last thing that is due once; null when there is none. */
  get lastNanos(): bigint | null {
    const ticks = new Set(this.ticks.values());
    return this.due.findLast((due) => !ticks.has(due))?.atNanos ?? null;
  }

  /** Lets something happen once, so many milliseconds from now; returns what takes it back. */
  after(delayMs: number, happen: () => void): () => void {
    const due = { atNanos: this.stand() + nanos(delayMs), happen };
    this.insert(due);
    return () => this.remove(due);
  }

  /** Ticks for an owner every so many milliseconds, in place of what was asked for before; 0 stops. */
  tickEvery(owner: object, periodMs: number, tick: () => void): void {
    this.stopTicks(owner);
    if (periodMs > 0) this.tickAt(owner, this.stand() + nanos(periodMs), nanos(periodMs), tick);
  }

  /** As `tickEvery` with 0. */
  stopTicks(owner: object): void {
    const due = this.ticks.get(owner);
    if (due === undefined) return;
    this.ticks.delete(owner);
    this.remove(due);
  }

  /** Lets what is due next happen at its moment, if that has come by `untilNanos`; false when nothing has. */
  step(untilNanos: bigint): boolean {
    const [next] = this.due;
    if (next === undefined || next.atNanos > untilNanos) return false;
    this.due.shift();
    this.moveTo(next.atNanos);
    next.happen();
    return true;
  }

  /** Nothing happens meanwhile; time does not go back. */
  moveTo(momentNanos: bigint): void {
    if (this.stand() < momentNanos) this.standingNanos = momentNanos;
  }

  /** Stops the clock if it runs with the real time; where it stands then. */
  stand(): bigint {
    this.standingNanos ??= realNanos();
    return this.standingNanos;
  }

  private tickAt(owner: object, atNanos: bigint, periodNanos: bigint, tick: () => void): void {
    const due = {
      atNanos,
      happen: () => {
        this.tickAt(owner, atNanos + periodNanos, periodNanos, tick);
        tick();
      },
    };
    this.ticks.set(owner, due);
    this.insert(due);
  }

  private remove(due: Due): void {
    const index = this.due.indexOf(due);
    if (index >= 0) this.due.splice(index, 1);
  }

  private insert(due: Due): void {
    const before = this.due.findLastIndex(({ atNanos }) => atNanos <= due.atNanos);
    this.due.splice(before + 1, 0, due);
  }
}

/** Milliseconds, which may have a fraction, as nanoseconds. */
export function nanos(ms: number): bigint {
  return Number.isInteger(ms) ? BigInt(ms) * nanosPerMs : BigInt(Math.round(ms * 1e6));
}

const { timeOrigin } = performance;

function realNanos(): bigint {
  return BigInt(Math.round((timeOrigin + performance.now()) * 1e6));
}
