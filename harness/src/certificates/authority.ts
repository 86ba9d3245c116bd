import { randomBytes, webcrypto } from "node:crypto";
import type { X509Certificate, X509CertificateCreateParams } from "@peculiar/x509";
import { commonName, validFor, type CertificateOptions, type Identity } from "./identity.ts";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * A certificate authority that exists for one run of the tests. Its keys are ECDSA P-256.
 *
 * @category Certificates
 */
export class Authority {
  /** PEM: what the other end is told to trust; an intermediate authority's is not enough for that. */
  readonly certificate: string;
  private readonly signer: Signer;

  /** @internal */
  constructor(signer: Signer) {
    this.signer = signer;
    this.certificate = signer.certificate.toString("pem");
  }

  /** A certificate for servers and clients alike, signed by this authority. */
  async issue(options: CertificateOptions = {}): Promise<Identity> {
    const keys = await newKeys();
    const own = await sign(this.signer, options, { keys, isAuthority: false });
    return {
      certificate: pem([own, ...this.signer.chain]),
      privateKey: await privateKeyPem(keys),
    };
  }

  /** An authority below this one: what it issues carries its certificate along. */
  async intermediate(options: CertificateOptions = {}): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await sign(this.signer, options, { keys, isAuthority: true });
    return new Authority({ certificate, keys, chain: [certificate, ...this.signer.chain] });
  }
}

/**
 * A certificate authority that nobody knows but who is told its certificate.
 *
 * @category Certificates
 */
export async function createAuthority(options: CertificateOptions = {}): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await sign(null, options, { keys, isAuthority: true });
  return new Authority({ certificate, keys, chain: [] });
}

interface Signer {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  /** What comes after a certificate that it signs, up to the root. */
  readonly chain: readonly X509Certificate[];
}

interface Subject {
  readonly keys: webcrypto.CryptoKeyPair;
  readonly isAuthority: boolean;
}

/** Without a signer the certificate is its own. */
async function sign(
  signer: Signer | null,
  options: CertificateOptions,
  subject: Subject,
): Promise<X509Certificate> {
  const x509 = await library();
  const name = new x509.Name([{ CN: [commonName(options)] }]);
  return x509.X509CertificateGenerator.create({
    serialNumber: `00${randomBytes(15).toString("hex")}`, // a leading zero: it is a positive number
    subject: name,
    issuer: signer?.certificate.subjectName ?? name,
    ...validFor(options.validity ?? "valid"),
    signingAlgorithm: ecdsa,
    publicKey: subject.keys.publicKey,
    signingKey: (signer?.keys ?? subject.keys).privateKey,
    extensions: await extensions(options, subject),
  });
}

async function extensions(options: CertificateOptions, { keys, isAuthority }: Subject): Promise<Extensions> {
  const x509 = await library();
  const { cRLSign, digitalSignature, keyCertSign } = x509.KeyUsageFlags;
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const names = alternativeNames(options);
  return [
    new x509.BasicConstraintsExtension(isAuthority, undefined, true),
    new x509.KeyUsagesExtension(isAuthority ? keyCertSign | cRLSign : digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ...(isAuthority ? [] : [new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth])]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
}

type Extensions = NonNullable<X509CertificateCreateParams["extensions"]>;

function alternativeNames({ dns = [], ips = [], uris = [] }: CertificateOptions): AlternativeName[] {
  return [
    ...dns.map((value) => ({ type: "dns", value }) as const),
    ...ips.map((value) => ({ type: "ip", value }) as const),
    ...uris.map((value) => ({ type: "url", value }) as const),
  ];
}

interface AlternativeName {
  readonly type: "dns" | "ip" | "url";
  readonly value: string;
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const { PemConverter } = await library();
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}

function pem(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString("pem")).join("\n");
}

/** Loaded when the first certificate is made: most tests need none. */
async function library(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata"); // the library does not load without it
  return import("@peculiar/x509");
}
