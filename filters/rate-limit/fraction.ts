import { JsonObject, randomBytes } from "as-proxy-wasm";

const DENOMINATORS = ["HUNDRED", "TEN_THOUSAND", "MILLION"];

/** A part of all requests. Source: Envoy's type.v3, `FractionalPercent`. */
export class Fraction {
  private constructor(
    private readonly numerator: u32,
    private readonly denominator: u32,
  ) {}

  /** Reads the fraction under a key; all when it is absent. */
  static readOr100(json: JsonObject, key: string): Fraction {
    if (!json.has(key)) return new Fraction(100, 100);
    const fraction = json.object(key);
    const denominator = denominatorOf(fraction.oneOfOr("denominator", DENOMINATORS, 0));
    return new Fraction(<u32>fraction.integer("numerator", 0, denominator), denominator);
  }

  /** Whether a request is among them; nothing is drawn where there is nothing to choose. */
  draw(draws: Draws): bool {
    if (this.numerator == 0) return false;
    return this.numerator == this.denominator || draws.below(this.denominator) < this.numerator;
  }
}

/** Random numbers of one VM; the same ones in the same order from the same seed. Source: Vigna, SplitMix64. */
export class Draws {
  constructor(private state: u64) {}

  /** From a seed that no client knows. */
  static unforeseen(): Draws {
    return new Draws(load<u64>(randomBytes(8).start));
  }

  /** A whole number from 0 up to, not including, a limit. */
  below(limit: u32): u32 {
    this.state += 0x9e3779b97f4a7c15;
    let mixed = this.state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return <u32>((((mixed ^ (mixed >> 31)) >> 32) * limit) >> 32);
  }
}

function denominatorOf(index: i32): u32 {
  return index == 0 ? 100 : index == 1 ? 10_000 : 1_000_000;
}
