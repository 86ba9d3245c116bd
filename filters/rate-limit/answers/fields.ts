import { Bytes, utf8 } from "as-proxy-wasm";
import { Finding } from "../admission/finding";

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
export function addRateLimit(fields: Field[], findings: Finding[]): void {
  let policies = "";
  let limits = "";
  for (let i = 0; i < findings.length; i++) {
    if (!isTold(findings[i])) continue;
    policies += (policies.length == 0 ? "" : ", ") + policyOf(findings[i]);
    limits += (limits.length == 0 ? "" : ", ") + limitOf(findings[i]);
  }
  if (policies.length == 0) return;
  fields.push(new Field(utf8("ratelimit-policy"), Bytes.fromString(policies)));
  fields.push(new Field(utf8("ratelimit"), Bytes.fromString(limits)));
}

/**
 * Adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the rule that leaves least. Source:
 * draft-polli-ratelimit-headers-03.
 */
export function addXRateLimit(fields: Field[], findings: Finding[]): void {
  let tightest: Finding | null = null;
  for (let i = 0; i < findings.length; i++) {
    const finding = findings[i];
    if (isTold(finding) && (tightest === null || finding.remaining < tightest.remaining)) tightest = finding;
  }
  if (tightest === null) return;
  fields.push(new Field(utf8("x-ratelimit-limit"), Bytes.fromInteger(tightest.requests)));
  fields.push(new Field(utf8("x-ratelimit-remaining"), Bytes.fromInteger(tightest.remaining)));
  fields.push(new Field(utf8("x-ratelimit-reset"), Bytes.fromInteger(secondsUp(tightest.growsInNanos))));
}

/** Adds `Retry-After`, where waiting helps. Source: RFC 9110, 10.2.3. */
export function addRetryAfter(fields: Field[], finding: Finding): void {
  const seconds = secondsUp(finding.growsInNanos);
  if (seconds > 0) fields.push(new Field(utf8("retry-after"), Bytes.fromInteger(seconds)));
}

function isTold(finding: Finding): bool {
  return finding.isMeasured && !finding.rule.policy.isShadow;
}

/** A window that is no whole number of seconds has no place in the field. */
function policyOf(finding: Finding): string {
  const window = finding.windowNanos;
  const policy = '"' + finding.rule.name.toString() + '";q=' + text(finding.requests);
  if (window == 0 || window % NANOS_PER_SECOND != 0) return policy;
  return policy + ";w=" + text(window / NANOS_PER_SECOND);
}

function limitOf(finding: Finding): string {
  const limit = '"' + finding.rule.name.toString() + '";r=' + text(finding.remaining);
  return limit + ";t=" + text(secondsUp(finding.growsInNanos));
}

function text(number: i64): string {
  return Bytes.fromInteger(number).toString();
}

/** Whole seconds, rounded up: who waits so long does not come too early. */
function secondsUp(nanos: u64): i64 {
  return (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
}
