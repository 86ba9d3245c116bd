import { utf8 } from "as-proxy-wasm";

/** Why a request passes or is refused; the order is that of `NAMES`. */
export enum Reason {
  Allowed,
  DeniedByRule,
  NoRuleMatched,
  MissingHeader,
  RepeatedHeader,
  UnsafeHeaderValue,
  MissingCredential,
  RepeatedCredential,
  ApiKeyUnknown,
  BasicMalformed,
  BasicWrong,
  SignatureMalformed,
  SignatureUnknownKey,
  SignatureNotCovering,
  SignatureExpired,
  SignatureNotYetValid,
  SignatureWrong,
  /** From here on as the SDK's `JwtVerdict`, from `Malformed` on. */
  TokenMalformed,
  TokenExtensionRefused,
  TokenAlgorithmRefused,
  KeysNotReady,
  TokenUnknownKey,
  TokenBadSignature,
  TokenExpired,
  TokenMissingExpiry,
  TokenNotYetValid,
  TokenMissingNotBefore,
  TokenWrongIssuer,
  TokenWrongAudience,
}

/** The names of the reasons in their order, each with a blank behind it. */
const NAMES =
  "allowed denied_by_rule no_rule_matched missing_header repeated_header " +
  "unsafe_header_value missing_credential repeated_credential api_key_unknown basic_malformed " +
  "basic_wrong signature_malformed signature_unknown_key signature_not_covering signature_expired " +
  "signature_not_yet_valid signature_wrong token_malformed token_extension_refused token_algorithm_refused " +
  "keys_not_ready token_unknown_key token_bad_signature token_expired token_missing_expiry " +
  "token_not_yet_valid token_missing_not_before token_wrong_issuer token_wrong_audience ";

/** How many reasons there are. */
export const REASON_COUNT: i32 = 29;

/** The reason as stats and details have it. */
export function reasonName(reason: Reason): string {
  const names = utf8(NAMES);
  let from = 0;
  for (let i = 0; i < reason; i++) from = names.indexOf(utf8(" "), from) + 1;
  return names.slice(from, names.indexOf(utf8(" "), from)).toString();
}

/** Whether the client is to come again with a credential, or a better one. */
export function isUnauthenticated(reason: Reason): bool {
  return (
    reason == Reason.MissingHeader || (reason >= Reason.MissingCredential && reason != Reason.KeysNotReady)
  );
}
