/**
 * Who one end of a connection is: what a TLS server or client is given.
 *
 * @category Certificates
 */
export interface Identity {
  /** PEM: the certificate, then those of the intermediate authorities; the root is not among them. */
  readonly certificate: string;
  /** PEM, PKCS #8, without a password. */
  readonly privateKey: string;
}

/**
 * What a certificate says.
 *
 * @category Certificates
 */
export interface CertificateOptions {
  /** The common name. Default: the first of the names below, else "proxy-wasm". */
  readonly name?: string;
  /** Names such as `api.example` or `*.example`. Default none. */
  readonly dns?: readonly string[];
  /** Addresses such as `127.0.0.1`. Default none. */
  readonly ips?: readonly string[];
  /** Such as `spiffe://cluster.local/ns/default/sa/web`. Default none. */
  readonly uris?: readonly string[];
  /** Default `valid`: from an hour ago for a day. The other two are an hour beside the present on either side. */
  readonly validity?: Validity;
}

/**
 * Whether the present is within a certificate's time, after it or before it.
 *
 * @category Certificates
 */
export type Validity = "valid" | "expired" | "not_yet_valid";

const hourMs = 3_600_000;

/** Hours from now at which a certificate begins and ends to be valid. */
const hours: Readonly<Record<Validity, readonly [from: number, to: number]>> = {
  valid: [-1, 24],
  expired: [-2, -1],
  not_yet_valid: [1, 2],
};

/** The time of a certificate, as a library wants it. */
export function validFor(validity: Validity): { notBefore: Date; notAfter: Date } {
  const [from, to] = hours[validity];
  return { notBefore: new Date(Date.now() + from * hourMs), notAfter: new Date(Date.now() + to * hourMs) };
}

/** The common name where none is given. */
export function commonName({ name, dns = [], uris = [], ips = [] }: CertificateOptions): string {
  return name ?? [...dns, ...uris, ...ips][0] ?? "proxy-wasm";
}
