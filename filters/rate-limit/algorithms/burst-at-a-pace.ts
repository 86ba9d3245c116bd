import { Algorithm } from "./algorithm";
import { Pace } from "./pace";

/** Bytes of a state. */
export const PACED_STATE_LENGTH = 12;

/**
 * Up to `burst` units at once, and from then on one whenever the pace brings it: the token bucket, and the generic cell
 * rate algorithm, which is the same told as a schedule. The state is the moment at which the bucket is full again, rounded
 * up to `full`, and by how much:
 *
 *     full: u64, nanoseconds | early: u32, in fractions of a nanosecond of which there are `pace.requests`
 *
 * Source: ITU-T I.371, annex A, virtual scheduling.
 */
export class BurstAtAPace extends Algorithm {
  constructor(
    private readonly pace: Pace,
    burst: u32,
  ) {
    super(burst, PACED_STATE_LENGTH);
  }

  waitNanos(state: usize, now: u64, units: u32): u64 {
    const full = load<u64>(state);
    const others = this.capacity - units;
    const due = now + this.pace.wholeNanos(others);
    if (full <= due) return 0;
    const early = <u64>load<u32>(state, 8) + this.pace.partNanos(others);
    return full - due - (early >= this.pace.requests ? 1 : 0);
  }

  /** An estimate, which is never too low, for a quotient below 2^32 loses nothing of weight; then what is too much goes. */
  remaining(state: usize, now: u64): u32 {
    const full = load<u64>(state);
    if (full <= now) return this.capacity;
    const parts = <f64>(full - now) * <f64>this.pace.requests - <f64>load<u32>(state, 8);
    const taken = parts / <f64>this.pace.windowNanos;
    let left = this.capacity - <u32>min<f64>(taken, <f64>this.capacity);
    while (left > 0 && this.waitNanos(state, now, left) > 0) left--;
    return left;
  }

  take(state: usize, now: u64, units: u32): void {
    if (load<u64>(state) <= now) set(state, now, 0);
    const early = load<u32>(state, 8);
    const part = this.pace.partNanos(units);
    const full = load<u64>(state) + this.pace.wholeNanos(units);
    if (part <= early) set(state, full, early - part);
    else set(state, full + 1, this.pace.requests - (part - early));
  }

  /** In the time since then the bucket may have been full, so that others were given what had come anew. */
  giveBack(state: usize, now: u64, takenAt: u64, units: u32): void {
    const elapsed = now > takenAt ? now - takenAt : 0;
    const taken = this.pace.wholeNanos(units);
    const full = load<u64>(state);
    if (taken > elapsed) store<u64>(state, full - min(full, taken - elapsed));
  }
}

// @ts-ignore: decorator
@inline
function set(state: usize, full: u64, early: u32): void {
  store<u64>(state, full);
  store<u32>(state, early, 8);
}
