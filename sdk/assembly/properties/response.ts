/**
 * The response, of the upstream or of a local reply, from `onResponseHeaders` on. A getter `…Or` answers its argument
 * where the property is absent; the others answer null. Source: Envoy, "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { integerAt } from "./values";

/** The status. */
export function codeOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("response\0code"), absent);
}

/** Why there is this response: `via_upstream`, or the details of a local reply. */
export function codeDetails(): Bytes | null {
  return getProperty(Bytes.fromString("response\0code_details"));
}

/** Envoy's response flags as bits. */
export function flagsOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("response\0flags"), absent);
}

/** The gRPC status; derived from the status where the response has none. */
export function grpcStatusOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("response\0grpc_status"), absent);
}

/** The size of the body so far. */
export function sizeOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("response\0size"), absent);
}

/** The size of headers and body so far. */
export function totalSizeOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("response\0total_size"), absent);
}

/** From the last byte sent to the upstream to its first one, in nanoseconds; only in `onLog`. */
export function backendLatencyNanosOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("response\0backend_latency"), absent);
}

/** The values of a header, joined by commas. Null before `onResponseHeaders`. */
export function header(name: Bytes): Bytes | null {
  return getProperty(Bytes.fromString("response\0headers\0").concat(name));
}
