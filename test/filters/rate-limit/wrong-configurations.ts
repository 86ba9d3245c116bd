export type Json = Record<string, unknown>;

const limit = { requests: 10, per: "second" };
const rule = { name: "r", key: [{ constant: "all" }], limit };
const ruled = (changed: Json): Json => ({ rules: [{ ...rule, ...changed }] });
const limited = (changed: Json): Json => ruled({ limit: { ...limit, ...changed } });
const keyed = (...parts: unknown[]): Json => ruled({ key: parts });
const overridden = (override: Json): Json => ruled({ overrides: [override] });
const withOption = (options: Json): Json => ({ rules: [rule], ...options });

/** A configuration that is wrong, and the line that says where and why. */
// A table: one line a case.
// prettier-ignore
export const wrong: Array<[what: string, configuration: Json, message: RegExp]> = [
  ["no rules", {}, /rules .*is missing/],
  ["rules that are no list", { rules: {} }, /rules \(line 1\): must be an array/],
  ["no rule", { rules: [] }, /rules \(line 1\): must not be empty/],
  ["too many rules", { rules: Array.from({ length: 65 }, (_, i) => ({ ...rule, name: `r${i}` })) }, /rules \(line 1\): must have at most 64 elements/],
  ["a mistyped key", withOption({ max_key: 1 }), /max_key \(line 1\).*max_keys/],
  ["a rule without a name", { rules: [{ key: rule.key, limit }] }, /rules\[0\]\.name .*is missing/],
  ["an empty name", ruled({ name: "" }), /rules\[0\]\.name .*1 to 64 of letters/],
  ["a name that is too long", ruled({ name: "x".repeat(65) }), /rules\[0\]\.name .*1 to 64 of letters/],
  ["a name that cannot stand in a header", ruled({ name: 'a"b' }), /rules\[0\]\.name .*1 to 64 of letters/],
  ["a name of two rules", { rules: [rule, rule] }, /rules\[1\]\.name .*must not be that of another rule/],
  ["a condition that is none", ruled({ when: {} }), /rules\[0\]\.when .*must have one of header/],
  ["no key", { rules: [{ name: "r", limit }] }, /rules\[0\]\.key .*is missing/],
  ["a key without parts", keyed(), /rules\[0\]\.key .*must not be empty/],
  ["a key of too many parts", keyed(...Array.from({ length: 9 }, () => ({ path: true }))), /rules\[0\]\.key .*at most 8 parts/],
  ["a part that is unknown", keyed({ color: true }), /rules\[0\]\.key\[0\] .*must have one of path/],
  ["two parts in one", keyed({ path: true, method: true }), /rules\[0\]\.key\[0\] .*must have one of path/],
  ["a part that is said to be no part", keyed({ path: false }), /rules\[0\]\.key\[0\]\.path .*must be true/],
  ["a header that is no name", keyed({ header: "a b" }), /rules\[0\]\.key\[0\]\.header .*name of a header/],
  ["a segment before the first", keyed({ path_segment: 0 }), /path_segment .*from 1 to 64/],
  ["a method that is a text", keyed({ method: "GET" }), /rules\[0\]\.key\[0\]\.method .*true or false/],
  ["a host that is a text", keyed({ host: "a" }), /rules\[0\]\.key\[0\]\.host .*true or false/],
  ["a route that is a text", keyed({ route: "a" }), /rules\[0\]\.key\[0\]\.route .*true or false/],
  ["a constant that is a number", keyed({ constant: 1 }), /rules\[0\]\.key\[0\]\.constant .*must be a string/],
  ["more bits than IPv4 has", keyed({ client_address: { ipv4_prefix_bits: 33 } }), /ipv4_prefix_bits .*from 1 to 32/],
  ["more bits than IPv6 has", keyed({ client_address: { ipv6_prefix_bits: 129 } }), /ipv6_prefix_bits .*from 1 to 128/],
  ["a claim without its payload", keyed({ jwt_claim: { claim: "sub" } }), /jwt_claim\.payload_in_metadata .*is missing/],
  ["a claim without a name", keyed({ jwt_claim: { claim: "", payload_in_metadata: "p" } }), /jwt_claim\.claim .*must not be empty/],
  ["an unverified claim without a name", keyed({ unverified_jwt_claim: { claim: "" } }), /unverified_jwt_claim\.claim .*must not be empty/],
  ["an unverified claim in no header", keyed({ unverified_jwt_claim: { claim: "sub", header: "a b" } }), /unverified_jwt_claim\.header .*name of a header/],
  ["no limit", { rules: [{ name: "r", key: rule.key }] }, /rules\[0\] .*either limit or service/],
  ["no request at all", limited({ requests: 0 }), /rules\[0\]\.limit\.requests .*from 1 to 1000000000/],
  ["half a request", limited({ requests: 0.5 }), /rules\[0\]\.limit\.requests .*whole number/],
  ["an unknown period", limited({ per: "week" }), /rules\[0\]\.limit\.per .*second, minute, hour, day/],
  ["two windows", limited({ window_ms: 1 }), /rules\[0\]\.limit .*either per or window_ms/],
  ["a window without length", ruled({ limit: { requests: 1, window_ms: 0 } }), /rules\[0\]\.limit\.window_ms .*from 1 to 2678400000/],
  ["an unknown algorithm", limited({ algorithm: "leaky_bucket" }), /algorithm .*token_bucket, gcra, sliding_window/],
  ["a burst of none", limited({ burst: 0 }), /rules\[0\]\.limit\.burst .*from 1 to/],
  ["a burst of a sliding window", limited({ algorithm: "sliding_window", burst: 1 }), /limit\.burst .*a sliding_window has none/],
  ["a burst that takes ages", ruled({ limit: { requests: 1, per: "day", burst: 400 } }), /limit\.burst .*within a year/],
  ["an override without values", overridden({ values: [], limit }), /overrides\[0\]\.values .*must not be empty/],
  ["an override of more values than parts", overridden({ values: ["a", "b"], limit }), /overrides\[0\]\.values .*more elements than the key has parts/],
  ["an override by a number", overridden({ values: [1], limit }), /overrides\[0\]\.values\[0\] .*must be a string/],
  ["an override without a limit", overridden({ values: ["a"] }), /overrides\[0\]\.limit .*is missing/],
  ["an unknown word for what is missing", ruled({ on_missing: "allow" }), /on_missing .*share, skip, deny/],
  ["an unknown verdict of a full table", ruled({ on_full: "skip" }), /on_full .*allow, deny/],
  ["an unknown verdict of a failure", ruled({ on_failure: "skip" }), /on_failure .*allow, deny/],
  ["a shadow that is a text", ruled({ shadow: "yes" }), /shadow .*true or false/],
  ["a fraction that is a number", ruled({ enabled: 0.5 }), /enabled .*must be an object/],
  ["more than all", ruled({ enabled: { numerator: 101 } }), /enabled\.numerator .*from 0 to 100/],
  ["more than all of ten thousand", ruled({ enforced: { numerator: 10_001, denominator: "TEN_THOUSAND" } }), /enforced\.numerator .*from 0 to 10000/],
  ["an unknown denominator", ruled({ enforced: { numerator: 1, denominator: "two" } }), /enforced\.denominator .*HUNDRED, TEN_THOUSAND, MILLION/],
  ["no place for a key", withOption({ max_keys: 0 }), /max_keys .*from 1 to 1000000/],
  ["an unknown place of headers", withOption({ rate_limit_headers: true }), /rate_limit_headers .*must be one of refused, always, never/],
  ["an unknown place of the older headers", withOption({ x_rate_limit_headers: "all" }), /x_rate_limit_headers .*refused, always, never/],
  ["a seed below 0", withOption({ seed: -1 }), /seed .*from 0 to/],
  ["an unknown policy for repeated headers", withOption({ repeated: "last" }), /repeated .*refuse, first, every/],
  ["hops that are no number", withOption({ trusted_hops: "1" }), /trusted_hops .*whole number/],
  ["case that is a text", withOption({ case_sensitive: "no" }), /case_sensitive .*true or false/],
  ["an unknown policy for encoded slashes", withOption({ encoded_slashes: "drop" }), /encoded_slashes .*refuse, keep, decode/],
  ["an unknown policy for parameters", withOption({ path_parameters: "drop" }), /path_parameters .*refuse, keep, remove/],
];
