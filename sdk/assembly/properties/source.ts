/**
 * The client's end of the connection. A getter `…Or` answers its argument where the property is absent; the others
 * answer null. Source: Envoy, "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { integerAt } from "./values";

/** `127.0.0.1:49386`; what `x-forwarded-for` says where Envoy trusts it. */
export function address(): Bytes | null {
  return getProperty(Bytes.fromString("source\0address"));
}

/** The port. */
export function portOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("source\0port"), absent);
}
