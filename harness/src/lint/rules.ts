/**
 * How bad a finding is: an error is refused by Envoy or breaks traffic, a warning is a risk, info is advice.
 *
 * @category Check configurations
 */
export type Severity = "error" | "warning" | "info";

const rules = {
  // what can be read at all
  syntax: "error",
  "duplicate-key": "error",
  "merge-key": "error",
  "several-documents": "warning",
  "octal-number": "warning",
  "unknown-rule": "warning",

  // against the descriptors of Envoy's API
  "unknown-field": "error",
  "not-in-version": "error",
  "wrong-type": "error",
  "single-value": "info",
  "unknown-enum-value": "error",
  "unknown-type": "error",
  "unchecked-type": "warning",
  "missing-type": "error",
  "missing-typed-config": "error",
  "extension-category": "error",
  "oneof-conflict": "error",
  duration: "error",
  "number-range": "error",
  constraint: "error",
  deprecated: "warning",
  disallowed: "error",

  // names that refer to each other
  "unknown-cluster": "error",
  "unknown-route-config": "warning",
  "duplicate-name": "error",
  "ambiguous-name": "warning",
  "same-address": "error",
  "unmatched-filter-config": "warning",

  // filters and routes
  "filter-order": "error",
  "unreachable-route": "warning",
  "per-try-timeout": "warning",
  "retry-on-missing": "warning",
  "retry-on-unknown": "warning",
  "retry-budget": "warning",
  "unbounded-stream": "warning",
  "path-not-normalised": "warning",
  "fail-open": "warning",

  // clusters and control planes
  "grpc-without-http2": "error",
  "ads-without-node": "error",
  "static-address": "error",
  "no-endpoints": "warning",
  "tls-not-verified": "warning",
  "old-tls": "warning",
  "client-certificate-not-verified": "warning",

  // what is reachable from outside
  "admin-exposed": "error",
  "trusts-forwarded-for": "info",

  // Wasm
  "wasm-file": "error",
  "wasm-unsound": "error",
  "wasm-callback": "warning",
  "unknown-root-id": "error",
  "held-headers": "error",
  "wasm-capabilities": "warning",
  "reload-interval": "error",
  "vm-id-shared": "warning",
  "deaf-access-logger": "warning",
  "deaf-network-filter": "warning",

  // Envoy's own word
  envoy: "error",
} as const satisfies Readonly<Record<string, Severity>>;

/**
 * The name of a rule: `unknown-field`.
 *
 * @category Check configurations
 */
export type RuleName = keyof typeof rules;

/**
 * Every rule and how bad it is unless the user says otherwise; `docs/lint.md` has a sentence for each.
 *
 * @category Check configurations
 */
export const lintRules: Readonly<Record<RuleName, Severity>> = rules;

/** All names of rules, in the order of the documentation. */
export const ruleNames = Object.keys(rules) as readonly RuleName[];

/** Whether a text names a rule. */
export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(rules, name);
}
