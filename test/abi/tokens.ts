import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { StartedProxy } from "proxy-wasm-harness";

/** What tells one of the keys below from the others. */
export type Algorithm = "RS256" | "ES256" | "HS256";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const otherRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const otherEc = generateKeyPairSync("ec", { namedCurve: "P-256" });
const secret = Buffer.from("0123456789abcdef0123456789abcdef");

/** The keys whose public halves are in `jwks`, and others of the same types. */
export const keys = { rsa, otherRsa, ec, otherEc, secret };

export type Jwk = Record<string, unknown>;

/** The public half of a key as a JSON Web Key. */
export function publicJwk(key: KeyObject, more: Jwk = {}): Jwk {
  return { ...key.export({ format: "jwk" }), ...more };
}

/** A secret as a JSON Web Key. */
export function secretJwk(bytes: Uint8Array, more: Jwk = {}): Jwk {
  return { kty: "oct", k: base64Url(bytes), ...more };
}

/** A set of keys as its text. */
export function jwksOf(...all: Jwk[]): string {
  return JSON.stringify({ keys: all });
}

/** One key of each type. */
export const jwks = jwksOf(
  publicJwk(rsa.publicKey, { kid: "rsa", use: "sig", alg: "RS256" }),
  publicJwk(ec.publicKey, { kid: "ec", key_ops: ["verify"] }),
  secretJwk(secret, { kid: "oct" }),
);

/** Seconds since 1970, so many from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** What a token is made of; anything may be odd. */
export interface TokenParts {
  /** By which algorithm it really is signed; what the header says where that does not. */
  readonly by?: Algorithm;
  readonly header?: object;
  /** In place of JSON of `header`. */
  readonly headerText?: string | Uint8Array;
  readonly claims?: object;
  /** In place of JSON of `claims`. */
  readonly claimsText?: string | Uint8Array;
  readonly key?: KeyObject;
  readonly secret?: Uint8Array;
}

/** A token that is sound but for what is asked. */
export function tokenOf(parts: TokenParts = {}): string {
  const by = parts.by ?? "RS256";
  const header = parts.headerText ?? JSON.stringify({ alg: by, typ: "JWT", ...parts.header });
  const claims = parts.claimsText ?? JSON.stringify({ sub: "me", exp: inSeconds(86_400), ...parts.claims });
  const text = `${base64Url(header)}.${base64Url(claims)}`;
  return `${text}.${base64Url(signatureOf(by, text, parts))}`;
}

function signatureOf(by: Algorithm, text: string, parts: TokenParts): Uint8Array {
  const bytes = Buffer.from(text);
  if (by === "HS256")
    return createHmac("sha256", parts.secret ?? secret)
      .update(bytes)
      .digest();
  if (by === "RS256") return sign("sha256", bytes, parts.key ?? rsa.privateKey);
  return sign("sha256", bytes, { key: parts.key ?? ec.privateKey, dsaEncoding: "ieee-p1363" });
}

/** A text or bytes as a token has them. */
export function base64Url(value: string | Uint8Array): string {
  return Buffer.from(value).toString("base64url");
}

/** The guest's verdicts on tokens, in their order. */
export async function judge(proxy: StartedProxy, tokens: string[], claim?: string): Promise<string[]> {
  const headers: [string, string | Uint8Array][] = tokens.map((token) => [
    "x-token",
    Buffer.from(token, "latin1"),
  ]);
  if (claim !== undefined) headers.push(["x-claim", claim]);
  const response = await proxy.get("/", { headers });
  return response.text().split("\n");
}
