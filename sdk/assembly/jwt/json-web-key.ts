import { Bytes } from "../bytes";
import { verifySignature } from "../foreign-functions";
import { HmacSha256 } from "../hashes/hmac";
import { JwtAlgorithm } from "./algorithm";
import { ecdsaSignature } from "./der";
import { Jwt } from "./jwt";

/**
 * A key that signatures are verified with, by the one algorithm that its type is for. Source: RFC 7517.
 *
 * @category JSON Web Tokens
 */
export class JsonWebKey {
  /** For the SDK. @internal */
  constructor(
    /** By which algorithm it verifies. */
    readonly algorithm: JwtAlgorithm,
    /** What tokens call it; null when it has no name. */
    readonly id: Bytes | null,
    /** The secret of HS256; else SubjectPublicKeyInfo in DER. */
    private readonly material: Bytes,
  ) {}

  /** Whether a token can be by this key: its algorithm is the key's, and it names this key, unless one has no name. */
  fits(token: Jwt): bool {
    const wanted = token.keyId;
    const id = this.id;
    if (this.algorithm != token.algorithm) return false;
    return wanted === null || id === null || id.equals(wanted);
  }

  /** Whether the token's signature is by this key, and by this key's algorithm. Valid in every callback. */
  verifies(token: Jwt): bool {
    if (this.algorithm != token.algorithm) return false;
    if (this.algorithm == JwtAlgorithm.HS256) return this.verifiesCode(token);
    const isRsa = this.algorithm == JwtAlgorithm.RS256;
    const signature = isRsa ? token.signature : ecdsaSignature(token.signature);
    return signature !== null && verifySignature("sha256", this.material, signature, token.signedText);
  }

  private verifiesCode(token: Jwt): bool {
    const code = new HmacSha256(this.material).update(token.signedText).digest();
    return code.equalsConstantTime(token.signature);
  }
}
