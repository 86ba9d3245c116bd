const nanosPerMs = 1_000_000n;

/** Something that is to happen again and again. */
interface Ticker {
  readonly periodNanos: bigint;
  readonly tick: () => void;
  dueNanos: bigint;
}

/**
 * The time inside the proxy, in nanoseconds since the epoch, UTC. It runs with the real one until somebody asks for a
 * tick or moves it, and stands still from then on: what a test sees does not depend on how fast it runs.
 */
export class VirtualClock {
  private frozenNanos: bigint | null = null;
  private readonly tickers = new Map<object, Ticker>();

  nowNanos(): bigint {
    return this.frozenNanos ?? realNanos();
  }

  /** Ticks for an owner every so many milliseconds, in place of what was asked for before; 0 stops. */
  tickEvery(owner: object, periodMs: number, tick: () => void): void {
    this.tickers.delete(owner);
    if (periodMs === 0) return;
    const periodNanos = BigInt(periodMs) * nanosPerMs;
    this.tickers.set(owner, { periodNanos, tick, dueNanos: this.freeze() + periodNanos });
  }

  /** Lets time pass, and everything happen that falls due, in its order and at its moment. */
  advance(ms: number): void {
    const end = this.freeze() + BigInt(Math.round(ms * 1e6));
    for (let ticker = this.nextUntil(end); ticker !== null; ticker = this.nextUntil(end)) {
      this.frozenNanos = ticker.dueNanos;
      ticker.dueNanos += ticker.periodNanos;
      ticker.tick();
    }
    this.frozenNanos = end;
  }

  private freeze(): bigint {
    this.frozenNanos ??= realNanos();
    return this.frozenNanos;
  }

  private nextUntil(end: bigint): Ticker | null {
    const due = [...this.tickers.values()].filter(({ dueNanos }) => dueNanos <= end);
    const [first] = due.sort((a, b) => (a.dueNanos < b.dueNanos ? -1 : 1));
    return first ?? null;
  }
}

function realNanos(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
}
