/**
 * The proxy's end of the connection. A getter `…Or` answers its argument where the property is absent; the others
 * answer null. Source: Envoy, "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { integerAt } from "./values";

/** `127.0.0.1:8080`. */
export function address(): Bytes | null {
  return getProperty(Bytes.fromString("destination\0address"));
}

/** The port. */
export function portOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("destination\0port"), absent);
}
