import { Bytes, Configuration, FactsOptions, JsonObject, readCondition } from "as-proxy-wasm";

/** Reads `{ "when": CONDITION, …OPTIONS }`; the problem, or nothing. */
export function problemOf(text: ArrayBuffer): string | null {
  return new ConditionConfiguration().accept(Bytes.fromBuffer(text));
}

class ConditionConfiguration extends Configuration {
  read(json: JsonObject): void {
    FactsOptions.read(json);
    readCondition(json, "when");
  }
}
