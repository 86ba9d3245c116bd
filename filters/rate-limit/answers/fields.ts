import { Bytes, utf8 } from "as-proxy-wasm";
import { Claim } from "../admission/claim";

/** A header of an answer. */
export class Field {
  constructor(
    readonly name: Bytes,
    readonly value: Bytes,
  ) {}
}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/**
 * Adds `RateLimit-Policy` and `RateLimit`: what each rule promises, and what is left of it. Rules in shadow mode keep
 * silent. Source: draft-ietf-httpapi-ratelimit-headers-11.
 */
export function addRateLimit(fields: Field[], claims: Claim[]): void {
  let policies = "";
  let limits = "";
  for (let i = 0; i < claims.length; i++) {
    if (!isTold(claims[i])) continue;
    policies += (policies.length == 0 ? "" : ", ") + policyOf(claims[i]);
    limits += (limits.length == 0 ? "" : ", ") + limitOf(claims[i]);
  }
  if (policies.length == 0) return;
  fields.push(new Field(utf8("ratelimit-policy"), Bytes.fromString(policies)));
  fields.push(new Field(utf8("ratelimit"), Bytes.fromString(limits)));
}

/**
 * Adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the rule that leaves least. Source:
 * draft-polli-ratelimit-headers-03.
 */
export function addXRateLimit(fields: Field[], claims: Claim[]): void {
  let tightest: Claim | null = null;
  for (let i = 0; i < claims.length; i++) {
    const claim = claims[i];
    if (isTold(claim) && (tightest === null || claim.remaining < tightest.remaining)) tightest = claim;
  }
  if (tightest === null) return;
  fields.push(new Field(utf8("x-ratelimit-limit"), Bytes.fromInteger(tightest.limit.requests)));
  fields.push(new Field(utf8("x-ratelimit-remaining"), Bytes.fromInteger(tightest.remaining)));
  fields.push(new Field(utf8("x-ratelimit-reset"), Bytes.fromInteger(secondsUp(tightest.growsInNanos))));
}

/** Adds `Retry-After`, where waiting helps. Source: RFC 9110, 10.2.3. */
export function addRetryAfter(fields: Field[], claim: Claim): void {
  const seconds = secondsUp(claim.growsInNanos);
  if (seconds > 0) fields.push(new Field(utf8("retry-after"), Bytes.fromInteger(seconds)));
}

function isTold(claim: Claim): bool {
  return claim.isMeasured && !claim.rule.policy.isShadow;
}

/** A window that is no whole number of seconds has no place in the field. */
function policyOf(claim: Claim): string {
  const limit = claim.limit;
  const policy = '"' + claim.rule.name.toString() + '";q=' + text(limit.requests);
  if (limit.windowNanos % NANOS_PER_SECOND != 0) return policy;
  return policy + ";w=" + text(limit.windowNanos / NANOS_PER_SECOND);
}

function limitOf(claim: Claim): string {
  const limit = '"' + claim.rule.name.toString() + '";r=' + text(claim.remaining);
  return limit + ";t=" + text(secondsUp(claim.growsInNanos));
}

function text(number: i64): string {
  return Bytes.fromInteger(number).toString();
}

/** Whole seconds, rounded up: who waits so long does not come too early. */
function secondsUp(nanos: u64): i64 {
  return (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
}
