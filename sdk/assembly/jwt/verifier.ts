import { Bytes, utf8 } from "../bytes";
import { currentTimeNanos } from "../clocks";
import { JwtAlgorithm } from "./algorithm";
import { JwtClaims, NO_CLAIM } from "./claims";
import { JsonWebKeys } from "./json-web-keys";
import { Jwt } from "./jwt";
import { JwtVerdict } from "./verdict";

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/**
 * Which tokens are believed: set its fields when the plugin is configured, and let it look at each request's token.
 * Source: RFC 7519, section 7.2, and RFC 8725.
 *
 * @category JSON Web Tokens
 */
export class JwtVerifier {
  /** By which algorithms tokens may be signed. */
  algorithms: JwtAlgorithm[] = [JwtAlgorithm.RS256, JwtAlgorithm.ES256];
  /** Whose tokens are believed: `iss` must be one of these, byte by byte; anything, or nothing, when there is none. */
  issuers: Bytes[] = [];
  /** For whom tokens must be: one of `aud` must be one of these; anything, or nothing, when there is none. */
  audiences: Bytes[] = [];
  /** By how much clocks may differ, in seconds: so much longer is a token valid at both ends. */
  leewaySeconds: u32 = 0;
  /** Whether a token must have an `exp`. */
  requiresExpiry: bool = true;
  /** Whether a token must have an `nbf`. */
  requiresNotBefore: bool = false;

  /**
   * What a token is worth: null is no token, and no keys are keys that are not there yet. Nothing is logged, and
   * nothing in a token makes it trap. The claims are read after the signature was found to hold. Valid in every
   * callback.
   */
  verify(token: Jwt | null, keys: JsonWebKeys | null): JwtVerdict {
    if (token === null) return JwtVerdict.Malformed;
    if (token.isExtended) return JwtVerdict.ExtensionRefused;
    if (!this.algorithms.includes(token.algorithm)) return JwtVerdict.AlgorithmRefused;
    if (keys === null) return JwtVerdict.KeysNotReady;
    const verdict = verifySignature(token, keys);
    if (verdict != JwtVerdict.Valid) return verdict;
    const claims = token.openClaims();
    return claims === null ? JwtVerdict.Malformed : this.judge(claims);
  }

  private judge(claims: JwtClaims): JwtVerdict {
    const verdict = this.judgeTimes(claims);
    if (verdict != JwtVerdict.Valid) return verdict;
    const issuer = claims.bytes(utf8("iss"));
    if (!isExpected(issuer === null ? [] : [issuer], this.issuers)) return JwtVerdict.WrongIssuer;
    const isForUs = isExpected(claims.list(utf8("aud")), this.audiences);
    return isForUs ? JwtVerdict.Valid : JwtVerdict.WrongAudience;
  }

  private judgeTimes(claims: JwtClaims): JwtVerdict {
    const now = <i64>(currentTimeNanos() / NANOS_PER_SECOND);
    const hasExpiry = claims.has(utf8("exp"));
    const hasStart = claims.has(utf8("nbf"));
    const expiry = claims.secondsOr(utf8("exp"), NO_CLAIM);
    const start = claims.secondsOr(utf8("nbf"), NO_CLAIM);
    if (hasExpiry && expiry == NO_CLAIM) return JwtVerdict.Malformed;
    if (hasStart && start == NO_CLAIM) return JwtVerdict.Malformed;
    if (!hasExpiry && this.requiresExpiry) return JwtVerdict.MissingExpiry;
    const isOver = now == 0 || now - <i64>this.leewaySeconds >= expiry; // 0: the host does not tell
    if (hasExpiry && isOver) return JwtVerdict.Expired;
    if (!hasStart && this.requiresNotBefore) return JwtVerdict.MissingNotBefore;
    if (hasStart && now + <i64>this.leewaySeconds < start) return JwtVerdict.NotYetValid;
    return JwtVerdict.Valid;
  }
}

/** `Valid`, `UnknownKey` or `BadSignature`. */
function verifySignature(token: Jwt, keys: JsonWebKeys): JwtVerdict {
  let verdict = JwtVerdict.UnknownKey;
  for (let i = 0; i < keys.keys.length; i++) {
    const key = keys.keys[i];
    if (!key.fits(token)) continue;
    if (key.verifies(token)) return JwtVerdict.Valid;
    verdict = JwtVerdict.BadSignature;
  }
  return verdict;
}

/** Whether one of these is expected, which each is, and none too, where nothing is. */
function isExpected(found: Bytes[], expected: Bytes[]): bool {
  if (expected.length == 0) return true;
  for (let i = 0; i < found.length; i++) {
    for (let j = 0; j < expected.length; j++) {
      if (found[i].equals(expected[j])) return true;
    }
  }
  return false;
}
