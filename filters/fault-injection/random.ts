import { randomBytes } from "as-proxy-wasm";

const FRACTION_OF_2_53 = 1.0 / 9007199254740992.0;

/** Random numbers of one VM: from the same seed the same ones, in the same order. Source: Vigna, SplitMix64. */
export class Random {
  constructor(private state: u64) {}

  /** From a seed that nobody knows, and that is another one in each VM. */
  static unforeseen(): Random {
    return new Random(load<u64>(randomBytes(8).start));
  }

  /** Begins anew, from another seed. */
  restart(seed: u64): void {
    this.state = seed;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: u32): u32 {
    return <u32>(((this.next() >> 32) * limit) >> 32);
  }

  /** A number from 0 up to, not including, 1. */
  fraction(): f64 {
    return <f64>(this.next() >> 11) * FRACTION_OF_2_53;
  }

  private next(): u64 {
    this.state += 0x9e3779b97f4a7c15;
    let mixed = this.state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
}
