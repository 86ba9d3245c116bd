import { Bytes, utf8 } from "../bytes";
import { decodeBase64Url } from "../encodings/base64";
import { JwtAlgorithm, jwtAlgorithm } from "./algorithm";
import { JwtClaims } from "./claims";

/** Tokens with more bytes are refused: a proxy has to look at what anybody sends. */
const MOST_BYTES = 16_384;

/** Headers with more bytes are refused: they are read before it is known who sent them. */
const MOST_HEADER_BYTES = 2_048;

/**
 * A signed token in compact form, as it was sent: `header.claims.signature`. Its claims can be read once a
 * `JwtVerifier` finds the signature to hold, and not before. The bytes are views of the token: `copy()` what is to
 * outlive its callback. Source: RFC 7515 and RFC 7519.
 *
 * @category JSON Web Tokens
 */
export class Jwt {
  private verifiedClaims: JwtClaims | null = null;

  private constructor(
    /** By which algorithm it says that it is signed. */
    readonly algorithm: JwtAlgorithm,
    private readonly header: JwtClaims,
    /** For the SDK: what is signed. @internal */
    readonly signedText: Bytes,
    /** For the SDK. @internal */
    readonly signature: Bytes,
    private readonly payload: Bytes,
  ) {}

  /**
   * Takes a token apart. Null when it is none to the letter: three parts in base64 for URLs, a header in JSON with a
   * string `alg`, no key twice; and when it has more than 16 KiB, or its header more than 2 KiB.
   */
  static parse(token: Bytes): Jwt | null {
    const dot = utf8(".");
    const headerEnd = token.indexOf(dot);
    const payloadEnd = token.indexOf(dot, headerEnd + 1);
    if (token.length > MOST_BYTES || headerEnd < 0 || payloadEnd < 0) return null;
    const header = readHeader(token.slice(0, headerEnd));
    const payload = decodeBase64Url(token.slice(headerEnd + 1, payloadEnd));
    const signature = decodeBase64Url(token.slice(payloadEnd + 1));
    if (header === null || payload === null || signature === null) return null;
    const algorithm = header.bytes(utf8("alg"));
    if (algorithm === null || !isStringIfThere(header, utf8("kid"))) return null;
    return new Jwt(jwtAlgorithm(algorithm), header, token.slice(0, payloadEnd), signature, payload);
  }

  /** Which key it says to be signed with; null when it does not say. */
  get keyId(): Bytes | null {
    return this.header.bytes(utf8("kid"));
  }

  /** What kind of token it says to be, `JWT` or `at+jwt`; null when it does not say. */
  get type(): Bytes | null {
    return this.header.bytes(utf8("typ"));
  }

  /** Whether it asks for an extension, none of which is known here. */
  get isExtended(): bool {
    return this.header.has(utf8("crit"));
  }

  /** What it says; null until a verifier has found its signature to hold, whatever the verdict was. */
  get claims(): JwtClaims | null {
    return this.verifiedClaims;
  }

  /** A claim that is a string, number or boolean, as `JwtClaims.scalar`; null also while claims are not to be read. */
  claim(name: Bytes): Bytes | null {
    const claims = this.verifiedClaims;
    return claims === null ? null : claims.scalar(name);
  }

  /**
   * What it says, whoever says so: for a filter behind one that has verified it. Null when that is no JSON object. A
   * client can write anything here.
   */
  readUnverifiedClaims(): JwtClaims | null {
    return JwtClaims.parse(this.payload);
  }

  /** For the SDK: the signature holds. Null when the claims are no JSON object. @internal */
  openClaims(): JwtClaims | null {
    this.verifiedClaims = JwtClaims.parse(this.payload);
    return this.verifiedClaims;
  }
}

function readHeader(part: Bytes): JwtClaims | null {
  const text = decodeBase64Url(part);
  return text === null || text.length > MOST_HEADER_BYTES ? null : JwtClaims.parse(text);
}

function isStringIfThere(header: JwtClaims, name: Bytes): bool {
  return !header.has(name) || header.bytes(name) !== null;
}
