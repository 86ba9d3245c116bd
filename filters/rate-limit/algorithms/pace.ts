/** No bucket takes longer to fill: a year, in nanoseconds. */
const LONGEST_FILL_NANOS: u64 = 366 * 86_400 * 1_000_000_000;

/**
 * So many requests in so many nanoseconds. The time that some of them take is whole nanoseconds and a part of one, in
 * fractions of which there are `requests`: a third of a second has no end in decimals, and is exact so.
 */
export class Pace {
  constructor(
    /** 1 to 10^9. */
    readonly requests: u32,
    /** At most a year. */
    readonly windowNanos: u64,
  ) {}

  /** The whole nanoseconds that a number of requests takes. */
  wholeNanos(count: u32): u64 {
    return count * (this.windowNanos / this.requests) + this.rest(count) / this.requests;
  }

  /** The part of a nanosecond beyond those. */
  partNanos(count: u32): u32 {
    return <u32>(this.rest(count) % this.requests);
  }

  /** Whether so many requests take less than a year: no sum of times overflows then. */
  canFill(count: u32): bool {
    return this.windowNanos / this.requests < LONGEST_FILL_NANOS / count;
  }

  // @ts-ignore: decorator
  @inline
  private rest(count: u32): u64 {
    return <u64>count * (this.windowNanos % this.requests);
  }
}
