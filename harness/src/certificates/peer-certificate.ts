import type { X509Certificate } from "node:crypto";

/**
 * The certificate that the other end of a connection has shown.
 *
 * @category Certificates
 */
export interface PeerCertificate {
  /** The common name; empty when there is none. */
  readonly name: string;
  /** The issuer's common name; empty when there is none. */
  readonly issuer: string;
  /** The names, in their order; empty when there is none, as the next two. */
  readonly dns: readonly string[];
  /** The addresses. */
  readonly ips: readonly string[];
  /** The URIs; a SPIFFE name is one. */
  readonly uris: readonly string[];
  /** When it begins to be valid. */
  readonly validFrom: Date;
  /** When it ends to be valid. */
  readonly validTo: Date;
  /** Hexadecimal, in upper case. */
  readonly serialNumber: string;
  /** SHA-256 of the whole certificate, lower-case hexadecimal, as Envoy has it in `x-forwarded-client-cert`. */
  readonly sha256: string;
}

/** What Node has of a certificate, as a test reads it. */
export function peerCertificate(certificate: X509Certificate): PeerCertificate {
  const names = alternativeNames(certificate.subjectAltName ?? "");
  const ofKind = (kind: string): string[] =>
    names.filter(([other]) => other === kind).map(([, value]) => value);
  return {
    name: commonNameIn(certificate.subject),
    issuer: commonNameIn(certificate.issuer),
    dns: ofKind("DNS"),
    ips: ofKind("IP Address"),
    uris: ofKind("URI"),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    serialNumber: certificate.serialNumber,
    sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/** Node writes a part a line. */
function commonNameIn(name: string | undefined): string {
  return /^CN=(.*)$/m.exec(name ?? "")?.[1] ?? "";
}

/** Node writes `DNS:a, URI:"with, a comma"`: a value with a special character is a JSON string. */
function alternativeNames(text: string): Array<readonly [kind: string, value: string]> {
  const entries = text.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g);
  return [...entries].map(([, kind = "", value = ""]) => [
    kind,
    value.startsWith('"') ? String(JSON.parse(value)) : value,
  ]);
}
