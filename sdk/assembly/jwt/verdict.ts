/**
 * What a token is worth, and why: the first thing that is wrong, in this order. Source: RFC 7515, section 5.2, and
 * RFC 7519, section 7.2.
 *
 * @category JSON Web Tokens
 */
export enum JwtVerdict {
  /** The signature is by one of the keys, and the claims are as they have to be. */
  Valid,
  /** It is no token; or its signature holds, and its claims, or one that counts, have not the form of RFC 7519. */
  Malformed,
  /** Its header has `crit`: it asks for an extension. */
  ExtensionRefused,
  /** It is signed by an algorithm that is not among those allowed. */
  AlgorithmRefused,
  /** There are no keys yet: whether it is sound will be known later. */
  KeysNotReady,
  /** No key of its algorithm has its `kid`. */
  UnknownKey,
  /** The signature is by none of the keys that it could be by. */
  BadSignature,
  /** Its `exp` is over. */
  Expired,
  /** It has no `exp`. */
  MissingExpiry,
  /** Its `nbf` is yet to come. */
  NotYetValid,
  /** It has no `nbf`. */
  MissingNotBefore,
  /** Its `iss` is none of those expected, or it has none. */
  WrongIssuer,
  /** None of its `aud` is expected, or it has none. */
  WrongAudience,
}
