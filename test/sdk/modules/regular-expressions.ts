import { Bytes, RegularExpression } from "as-proxy-wasm";
import { steps } from "as-proxy-wasm/assembly/regular-expressions/simulation";

let expression: RegularExpression = RegularExpression.parse(Bytes.EMPTY);

/** Reads an expression, which the other calls use; the problem, or null. */
export function parse(pattern: ArrayBuffer): string | null {
  expression = RegularExpression.parse(Bytes.fromBuffer(pattern));
  return expression.problem;
}

export function matches(text: ArrayBuffer): bool {
  return expression.matches(Bytes.fromBuffer(text));
}

/** How many instructions the last match looked at. */
export function lastSteps(): i32 {
  return steps;
}
