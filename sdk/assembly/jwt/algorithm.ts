import { Bytes, utf8 } from "../bytes";

/**
 * How a token is signed. Source: RFC 7518, section 3.1.
 *
 * @category JSON Web Tokens
 */
export enum JwtAlgorithm {
  /** Any other, `none` among them: no key verifies it. */
  Other,
  /** RSA (PKCS #1 v1.5) with SHA-256. */
  RS256,
  /** ECDSA on P-256 with SHA-256. */
  ES256,
  /** HMAC with SHA-256. */
  HS256,
}

/**
 * The algorithm of a name, whose case counts: `RS256`, `ES256` and `HS256`. Source: RFC 7518, section 3.1.
 *
 * @category JSON Web Tokens
 */
export function jwtAlgorithm(name: Bytes): JwtAlgorithm {
  if (name.equals(utf8("RS256"))) return JwtAlgorithm.RS256;
  if (name.equals(utf8("ES256"))) return JwtAlgorithm.ES256;
  return name.equals(utf8("HS256")) ? JwtAlgorithm.HS256 : JwtAlgorithm.Other;
}
