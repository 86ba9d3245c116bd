import { Bytes } from "as-proxy-wasm";
import { Limit } from "../limits/limit";

/** Another limit for keys that begin with certain values. */
export class Override {
  constructor(
    private readonly values: Bytes[],
    readonly limit: Limit,
  ) {}

  /** Whether the first parts of a key have these values. */
  names(values: Array<Bytes | null>): bool {
    for (let i = 0; i < this.values.length; i++) {
      const value = values[i];
      if (value === null || !value.equals(this.values[i])) return false;
    }
    return true;
  }
}
