import { SeededRandom } from "as-proxy-wasm";

/** How long a request is held. */
export abstract class Delay {
  /** A whole number of milliseconds; 0 for not at all. */
  abstract draw(random: SeededRandom): u32;
}

/** Always the same. */
export class FixedDelay extends Delay {
  constructor(private readonly ms: u32) {
    super();
  }

  draw(random: SeededRandom): u32 {
    return this.ms;
  }
}

/** Each number from one to another, both included, as often as the others. */
export class UniformDelay extends Delay {
  constructor(
    private readonly fromMs: u32,
    private readonly toMs: u32,
  ) {
    super();
  }

  draw(random: SeededRandom): u32 {
    return this.fromMs + random.below(this.toMs - this.fromMs + 1);
  }
}

/** Short ones often, long ones seldom, as between events that do not know of each other; cut at a maximum. */
export class ExponentialDelay extends Delay {
  constructor(
    private readonly meanMs: u32,
    private readonly maxMs: u32,
  ) {
    super();
  }

  draw(random: SeededRandom): u32 {
    return rounded(-Math.log(1.0 - random.unit()) * this.meanMs, this.maxMs);
  }
}

/** About a mean, cut at 0 and at a maximum. Source: Marsaglia's polar method. */
export class NormalDelay extends Delay {
  constructor(
    private readonly meanMs: u32,
    private readonly stddevMs: u32,
    private readonly maxMs: u32,
  ) {
    super();
  }

  draw(random: SeededRandom): u32 {
    let x: f64 = 0;
    let square: f64 = 0;
    while (square == 0 || square >= 1) {
      x = 2 * random.unit() - 1;
      const y = 2 * random.unit() - 1;
      square = x * x + y * y;
    }
    const deviation = x * Math.sqrt((-2 * Math.log(square)) / square);
    return rounded(<f64>this.meanMs + deviation * this.stddevMs, this.maxMs);
  }
}

function rounded(ms: f64, maxMs: u32): u32 {
  return <u32>min(max(Math.floor(ms + 0.5), 0), <f64>maxMs);
}
