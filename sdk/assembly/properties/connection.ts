/**
 * The client's connection. What belongs to TLS is null without it. A getter `…Or` answers its argument where the
 * property is absent; the others answer null. Source: Envoy, "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { booleanAt, integerAt } from "./values";

/** Envoy's number for it. */
export function idOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("connection\0id"), absent);
}

/** Whether the client showed a certificate that was accepted. */
export function isMutualTlsOr(absent: bool): bool {
  return booleanAt(Bytes.fromString("connection\0mtls"), absent);
}

/** The server name of the TLS handshake; no bytes without one. */
export function requestedServerName(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0requested_server_name"));
}

/** `TLSv1.3`. */
export function tlsVersion(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0tls_version"));
}

/** The subject of the proxy's certificate. */
export function localSubject(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0subject_local_certificate"));
}

/** The subject of the client's certificate. */
export function peerSubject(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0subject_peer_certificate"));
}

/** The first DNS name of the proxy's certificate. */
export function localDnsSan(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0dns_san_local_certificate"));
}

/** The first DNS name of the client's certificate. */
export function peerDnsSan(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0dns_san_peer_certificate"));
}

/** The first URI of the proxy's certificate. */
export function localUriSan(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0uri_san_local_certificate"));
}

/** The first URI of the client's certificate: its SPIFFE id. */
export function peerUriSan(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0uri_san_peer_certificate"));
}

/** The digest of the client's certificate, in hexadecimal. */
export function peerCertificateSha256(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0sha256_peer_certificate_digest"));
}

/** Why Envoy ended the connection. */
export function terminationDetails(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0termination_details"));
}

/** Why the TLS handshake failed. */
export function transportFailureReason(): Bytes | null {
  return getProperty(Bytes.fromString("connection\0transport_failure_reason"));
}
