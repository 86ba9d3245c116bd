import { randomBytes } from "../hashes/random-bytes";

const PART_OF_2_53 = 1.0 / 9007199254740992.0;

/**
 * Random numbers that a seed decides: the same ones in the same order from the same seed. For what is drawn, never for
 * keys: a few of them tell all others, see `randomBytes`. Source: Vigna, SplitMix64.
 *
 * @category Chance
 */
export class SeededRandom {
  /** Begins with a seed. */
  constructor(private state: u64) {}

  /** From a seed that no client knows, and that is another one in each VM; `randomBytes` says when there is none. */
  static unforeseen(): SeededRandom {
    return new SeededRandom(load<u64>(randomBytes(8).start));
  }

  /** A whole number from 0 up to, not including, `limit`; 0 when that is 0. */
  below(limit: u32): u32 {
    return <u32>(((this.next() >> 32) * limit) >> 32);
  }

  /** A number from 0 up to, not including, 1. */
  unit(): f64 {
    return <f64>(this.next() >> 11) * PART_OF_2_53;
  }

  private next(): u64 {
    this.state += 0x9e3779b97f4a7c15;
    let mixed = this.state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
}
