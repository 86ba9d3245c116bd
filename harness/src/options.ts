import { HarnessError } from "./errors.ts";
import { suggestion } from "./nearest.ts";

/** Refuses a misspelt option with `invalid_input` and the nearest name. */
export function refuseUnknownOptions(where: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new HarnessError("invalid_input", `${where}: unknown option "${name}": ${suggestion(name, known)}`);
  }
}

/** The value, if it is a known one; else refused with `invalid_input`. */
export function oneOf<T extends string>(option: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) return value;
  throw new HarnessError("invalid_input", `${option}: "${value}" is not one of ${known.join(", ")}`);
}
