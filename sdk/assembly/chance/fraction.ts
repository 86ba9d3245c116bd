import { JsonObject } from "../json/object";
import { SeededRandom } from "./seeded-random";

// @ts-ignore: decorator
@lazy
const DENOMINATORS = ["HUNDRED", "TEN_THOUSAND", "MILLION"];

/**
 * A part of all requests, or of whatever is drawn: so many of a hundred, of 10,000 or of a million. Source: Envoy's
 * type.v3, `FractionalPercent`.
 *
 * @category Chance
 */
export class Fraction {
  /** So many out of a denominator; all when they are more. */
  constructor(
    /** How many of the denominator. */
    readonly numerator: u32,
    /** Out of how many. */
    readonly denominator: u32,
  ) {}

  /**
   * Reads the fraction under a key: a `numerator`, and a `denominator` that is `HUNDRED`, `TEN_THOUSAND` or `MILLION`, of
   * which absent is the first; all when the key is absent.
   */
  static readOrAll(json: JsonObject, key: string): Fraction {
    if (!json.has(key)) return new Fraction(100, 100);
    const fraction = json.object(key);
    const denominator = denominatorOf(fraction.oneOfOr("denominator", DENOMINATORS, 0));
    return new Fraction(<u32>fraction.integer("numerator", 0, denominator), denominator);
  }

  /** The same fraction, or that of so many out of the denominator where these are fewer; none for less than 0. */
  atMost(numerator: i64): Fraction {
    return new Fraction(<u32>min<i64>(this.numerator, max<i64>(numerator, 0)), this.denominator);
  }

  /** Whether the next one is among them. One number is drawn, whatever the fraction. */
  draw(random: SeededRandom): bool {
    return random.below(this.denominator) < this.numerator;
  }

  /** As `draw`, but nothing is drawn where there is nothing to choose: of none, and of all. */
  drawIfOpen(random: SeededRandom): bool {
    if (this.numerator == 0) return false;
    return this.numerator >= this.denominator || this.draw(random);
  }
}

function denominatorOf(index: i32): u32 {
  return index == 0 ? 100 : index == 1 ? 10_000 : 1_000_000;
}
