/**
 * The upstream's end, from `onResponseHeaders` on, where the upstream answers. A getter `…Or` answers its argument
 * where the property is absent; the others answer null. Source: Envoy, "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { integerAt } from "./values";

/** `10.0.0.7:8080`. */
export function address(): Bytes | null {
  return getProperty(Bytes.fromString("upstream\0address"));
}

/** The port. */
export function portOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("upstream\0port"), absent);
}

/** The proxy's own address on this connection. */
export function localAddress(): Bytes | null {
  return getProperty(Bytes.fromString("upstream\0local_address"));
}

/** Why the connection failed; no bytes when it did not. */
export function transportFailureReason(): Bytes | null {
  return getProperty(Bytes.fromString("upstream\0transport_failure_reason"));
}

/** How often the request was sent; 0 before it was. */
export function requestAttemptCountOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("upstream\0request_attempt_count"), absent);
}

/** How long the request waited for a connection, in nanoseconds. */
export function poolReadyNanosOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("upstream\0cx_pool_ready_duration"), absent);
}

/** How many endpoints the cluster has. Valid from the request's headers on. */
export function endpointCountOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("upstream\0num_endpoints"), absent);
}

/** `TLSv1.3`; null without TLS. */
export function tlsVersion(): Bytes | null {
  return getProperty(Bytes.fromString("upstream\0tls_version"));
}

/** The subject of the upstream's certificate. */
export function peerSubject(): Bytes | null {
  return getProperty(Bytes.fromString("upstream\0subject_peer_certificate"));
}

/** The first URI of the upstream's certificate. */
export function peerUriSan(): Bytes | null {
  return getProperty(Bytes.fromString("upstream\0uri_san_peer_certificate"));
}
