import { JsonObject } from "as-proxy-wasm";
import { Random } from "./random";

const DENOMINATORS = ["HUNDRED", "TEN_THOUSAND", "MILLION"];

/** A part of the requests. Source: Envoy's type.v3, `FractionalPercent`. */
export class Percent {
  constructor(
    readonly numerator: u32,
    readonly denominator: u32,
  ) {}

  /** Reads the part under `percent`; all requests when it is absent. */
  static read(json: JsonObject): Percent {
    if (!json.has("percent")) return new Percent(100, 100);
    const percent = json.object("percent");
    const denominator = denominatorOf(percent.oneOfOr("denominator", DENOMINATORS, 0));
    return new Percent(<u32>percent.integer("numerator", 0, denominator), denominator);
  }

  /** The same part or a smaller one, of so many requests out of the denominator. */
  atMost(numerator: i64): Percent {
    return new Percent(<u32>min<i64>(this.numerator, numerator), this.denominator);
  }

  /** Whether a request is among them. One number is drawn, whatever the percentage. */
  draw(random: Random): bool {
    return random.below(this.denominator) < this.numerator;
  }
}

function denominatorOf(index: i32): u32 {
  return index == 0 ? 100 : index == 1 ? 10_000 : 1_000_000;
}
