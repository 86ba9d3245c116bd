import { Algorithm } from "./algorithm";

/** Into how many parts a window is divided. */
const PARTS: u64 = 10;

/** So many parts a window can touch. */
const KEPT: u64 = PARTS + 1;

/** Bytes of a state. */
export const WINDOW_STATE_LENGTH = <i32>(8 + 4 * KEPT);

/**
 * At most `requests` units in any window, wherever it begins: counts them by tenths of a window, and has available what all
 * those that a window could touch that ends now do not hold. So what was taken counts for a window, and for up to a tenth
 * of it more. The state is the moment at which nothing counts any more, and the counts of the latest eleven parts, each at
 * its part's number modulo eleven:
 *
 *     end: u64, nanoseconds | counts: u32 × 11
 *
 * The number of a part is that of the moment at which it no longer counts, in parts since the clock's zero.
 */
export class SlidingWindow extends Algorithm {
  private readonly partNanos: u64;

  constructor(requests: u32, windowNanos: u64) {
    super(requests, WINDOW_STATE_LENGTH);
    this.partNanos = (windowNanos + PARTS - 1) / PARTS;
  }

  waitNanos(state: usize, now: u64, units: u32): u64 {
    const remaining = this.remaining(state, now);
    if (remaining >= units) return 0;
    const needed = units - remaining;
    let part = this.partAt(state, now) - PARTS;
    let freed = load<u32>(countOf(state, part));
    while (freed < needed) freed += load<u32>(countOf(state, ++part));
    return part * this.partNanos - now;
  }

  remaining(state: usize, now: u64): u32 {
    const latest = this.latestPart(state);
    let sum: u32 = 0;
    for (let part = this.partAt(state, now) - PARTS; part <= latest; part++)
      sum += load<u32>(countOf(state, part));
    return this.capacity - min(sum, this.capacity);
  }

  take(state: usize, now: u64, units: u32): void {
    const current = this.partAt(state, now);
    const passed = min<u64>(current - this.latestPart(state), KEPT);
    for (let part = current - passed + 1; part <= current; part++) store<u32>(countOf(state, part), 0);
    add(countOf(state, current), units);
    store<u64>(state, current * this.partNanos);
  }

  /** Nothing where the part in which it was taken is no longer kept. */
  giveBack(state: usize, now: u64, takenAt: u64, units: u32): void {
    const part = takenAt / this.partNanos + KEPT;
    const latest = this.latestPart(state);
    if (part > latest || latest - part >= KEPT) return;
    const count = countOf(state, part);
    store<u32>(count, load<u32>(count) - min(load<u32>(count), units));
  }

  /** The part of a moment, but none before the latest. */
  private partAt(state: usize, now: u64): u64 {
    return max(now / this.partNanos + KEPT, this.latestPart(state));
  }

  /** The latest part that has a count; for a fresh state 0, which no moment has. */
  private latestPart(state: usize): u64 {
    return load<u64>(state) / this.partNanos;
  }
}

// @ts-ignore: decorator
@inline
function add(count: usize, units: u32): void {
  store<u32>(count, load<u32>(count) + units);
}

// @ts-ignore: decorator
@inline
function countOf(state: usize, part: u64): usize {
  return state + 8 + ((<usize>(part % KEPT)) << 2);
}
