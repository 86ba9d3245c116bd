/**
 * How much of something there is in a time, as arithmetic on the state of a key: bytes at an address, all zero for a fresh
 * one, whose first eight are the moment in nanoseconds from which on it is as good as fresh. What has to be rounded is
 * rounded against the client, and nothing is rounded twice: no error grows with time. A moment before that of an earlier
 * call, as a worker that was interrupted has it, brings nothing.
 */
export abstract class Algorithm {
  constructor(
    /** The most units that can be available at once. */
    readonly capacity: u32,
    /** How many bytes a state has. */
    readonly stateLength: i32,
  ) {}

  /** After how many nanoseconds so many units, at most `capacity`, are available if nobody takes any; 0 for now. */
  abstract waitNanos(state: usize, now: u64, units: u32): u64;

  /** How many units are available. */
  abstract remaining(state: usize, now: u64): u32;

  /** Takes units that are available. */
  abstract take(state: usize, now: u64, units: u32): void;

  /** Gives back at `now` what was taken at `takenAt`, less what has become available since. */
  abstract giveBack(state: usize, now: u64, takenAt: u64, units: u32): void;

  /** After how many nanoseconds more units are available than now; 0 when none can be. */
  growsInNanos(state: usize, now: u64): u64 {
    const remaining = this.remaining(state, now);
    return remaining < this.capacity ? this.waitNanos(state, now, remaining + 1) : 0;
  }
}

/** The moment from which on a state is as good as fresh. */
export function freshFrom(state: usize): u64 {
  return load<u64>(state);
}
