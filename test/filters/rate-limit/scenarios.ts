import type { FilterConfigurations, HeaderValue } from "proxy-wasm-harness";

export type RateLimit = FilterConfigurations["rate-limit"];
export type Rule = Extract<RateLimit["rules"][number], { limit: unknown }>;
export type ServiceRule = Extract<RateLimit["rules"][number], { service: unknown }>;

/** One request after the other, and the statuses that must come of them in every backend. */
export interface Scenario {
  readonly title: string;
  readonly configuration: RateLimit;
  readonly requests: readonly Asked[];
  readonly statuses: readonly number[];
}

export interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly authority?: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: HeaderValue]>;
}

/** A window so long that no test sees its end. */
export const one: Rule["limit"] = { requests: 1, per: "day" };
const two: Rule["limit"] = { requests: 2, per: "day" };

/** One rule of the name "r", for one request by key if nothing else is said. */
export function ruled(rule: Partial<Rule>, options: Omit<RateLimit, "rules"> = {}): RateLimit {
  return { rules: [{ name: "r", key: [{ constant: "all" }], limit: one, ...rule }], ...options };
}

const x = (value: HeaderValue): Asked => ({ headers: [["x-key", value]] });
const at = (path: string): Asked => ({ path });
const by = (method: string): Asked => ({ method });
const host = (authority: string): Asked => ({ authority });
const from = (...values: string[]): Asked => ({
  headers: values.map((value) => ["x-forwarded-for", value] as const),
});
const claims = (payload: object): Asked => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return { headers: [["authorization", `Bearer ${part({ alg: "none" })}.${part(payload)}.`]] };
};
const none: Asked = {};
const repeat = (asked: Asked, times: number): Asked[] => Array.from({ length: times }, () => asked);

const byKey: Rule["key"] = [{ header: "x-key" }];
const byPath: Rule["key"] = [{ path: true }];
const bySegment: Rule["key"] = [{ path_segment: 2 }];
const byClient: Rule["key"] = [{ client_address: {} }];
const bySubject: Rule["key"] = [{ unverified_jwt_claim: { claim: "sub" } }];
const never = { numerator: 0 };
const hop = { trusted_hops: 1 };
const twice = {
  headers: [
    ["x-key", "a"],
    ["x-key", "b"],
  ],
} as const;
const mixed = {
  headers: [
    ["x-key", "a"],
    ["x-key", "c"],
  ],
} as const;

// A table: one line a scenario.
// prettier-ignore
export const groups: Readonly<Record<string, readonly Scenario[]>> = {
  algorithms: [
    { title: "a token bucket lets its requests pass at once, then no more", configuration: ruled({ limit: { requests: 3, per: "day", algorithm: "token_bucket" } }), requests: repeat(none, 5), statuses: [200, 200, 200, 429, 429] },
    { title: "a token bucket is the default", configuration: ruled({ limit: { requests: 3, per: "hour" } }), requests: repeat(none, 4), statuses: [200, 200, 200, 429] },
    { title: "a token bucket may hold more than it is given in a window", configuration: ruled({ limit: { requests: 1, per: "day", burst: 3 } }), requests: repeat(none, 4), statuses: [200, 200, 200, 429] },
    { title: "a token bucket may hold less than it is given in a window", configuration: ruled({ limit: { requests: 100, per: "day", burst: 2 } }), requests: repeat(none, 3), statuses: [200, 200, 429] },
    { title: "gcra lets one request pass, then no more for now", configuration: ruled({ limit: { requests: 3, per: "day", algorithm: "gcra" } }), requests: repeat(none, 3), statuses: [200, 429, 429] },
    { title: "gcra lets as many pass at once as its burst says", configuration: ruled({ limit: { requests: 3, per: "day", burst: 2, algorithm: "gcra" } }), requests: repeat(none, 3), statuses: [200, 200, 429] },
    { title: "a sliding window holds so many requests", configuration: ruled({ limit: { requests: 3, per: "day", algorithm: "sliding_window" } }), requests: repeat(none, 5), statuses: [200, 200, 200, 429, 429] },
    { title: "a window has a length in milliseconds", configuration: ruled({ limit: { requests: 1, window_ms: 86_400_000 } }), requests: repeat(none, 2), statuses: [200, 429] },
  ],
  keys: [
    { title: "each value of a header has a limit of its own", configuration: ruled({ key: byKey }), requests: [x("a"), x("b"), x("a"), x("b")], statuses: [200, 200, 429, 429] },
    { title: "values of a header are bytes", configuration: ruled({ key: byKey }), requests: [x(Uint8Array.of(0x61, 0xff)), x("a"), x(Uint8Array.of(0x61, 0xfe)), x(Uint8Array.of(0x61, 0xff))], statuses: [200, 200, 200, 429] },
    { title: "an empty value is not an absent one", configuration: ruled({ key: byKey }), requests: [x(""), none, x(""), none], statuses: [200, 200, 429, 429] },
    { title: "each path has a limit of its own, whatever its query", configuration: ruled({ key: byPath }), requests: [at("/a?1"), at("/b"), at("/a?2")], statuses: [200, 200, 429] },
    { title: "a path is the same in all its spellings", configuration: ruled({ key: byPath }), requests: [at("/a/b"), at("/a/./b"), at("//a//b"), at("/x/../a/b"), at("/%61/b")], statuses: [200, 429, 429, 429, 429] },
    { title: "a path is the same in either case where it says so", configuration: ruled({ key: byPath }, { case_sensitive: false }), requests: [at("/a"), at("/A")], statuses: [200, 429] },
    { title: "a path has its case where nothing is said", configuration: ruled({ key: byPath }), requests: [at("/a"), at("/A")], statuses: [200, 200] },
    { title: "encoded slashes are decoded where it says so", configuration: ruled({ key: byPath }, { encoded_slashes: "decode" }), requests: [at("/a/b"), at("/a%2fb")], statuses: [200, 429] },
    { title: "parameters of a path are removed where it says so", configuration: ruled({ key: byPath }, { path_parameters: "remove" }), requests: [at("/a"), at("/a;v=1")], statuses: [200, 429] },
    { title: "paths in doubt share one limit", configuration: ruled({ key: byPath }), requests: [at("/a%2fb"), at("/c%2fd"), at("/e;f")], statuses: [200, 429, 429] },
    { title: "a segment of the path has a limit of its own", configuration: ruled({ key: bySegment }), requests: [at("/users/1/a"), at("/users/2"), at("/users/1")], statuses: [200, 200, 429] },
    { title: "paths without the segment share one limit", configuration: ruled({ key: bySegment }), requests: [at("/users"), at("/users/"), at("/")], statuses: [200, 429, 429] },
    { title: "each method has a limit of its own", configuration: ruled({ key: [{ method: true }] }), requests: [by("GET"), by("POST"), by("GET")], statuses: [200, 200, 429] },
    { title: "a host is the same in any case and with any port", configuration: ruled({ key: [{ host: true }] }), requests: [host("a.test"), host("b.test"), host("A.test:8080")], statuses: [200, 200, 429] },
    { title: "a host in doubt shares the limit of others in doubt", configuration: ruled({ key: [{ host: true }] }), requests: [host("a..test"), host("b..test"), host("a.test")], statuses: [200, 429, 200] },
    { title: "requests of one route share one limit", configuration: ruled({ key: [{ route: true }] }), requests: [at("/a"), at("/b")], statuses: [200, 429] },
    { title: "a constant is the same for all", configuration: ruled({ key: [{ constant: "a" }] }), requests: [x("a"), x("b")], statuses: [200, 429] },
    { title: "a key of two parts needs both to be the same", configuration: ruled({ key: [{ header: "x-key" }, { method: true }] }), requests: [x("a"), { ...x("a"), method: "POST" }, x("b"), x("a")], statuses: [200, 200, 200, 429] },
    { title: "parts are not confused where they meet", configuration: ruled({ key: [{ header: "x-a" }, { header: "x-b" }] }), requests: [{ headers: [["x-a", "ab"], ["x-b", "c"]] }, { headers: [["x-a", "a"], ["x-b", "bc"]] }], statuses: [200, 200] },
    { title: "a claim that nobody has verified is a key by its name", configuration: ruled({ key: bySubject }), requests: [claims({ sub: "a" }), claims({ sub: "b" }), claims({ sub: "a" })], statuses: [200, 200, 429] },
    { title: "a claim may stand in another header", configuration: ruled({ key: [{ unverified_jwt_claim: { claim: "sub", header: "x-key" } }] }), requests: [x("no token"), x("another")], statuses: [200, 429] },
    { title: "a verified claim is not taken from the token", configuration: ruled({ key: [{ jwt_claim: { claim: "sub", payload_in_metadata: "payload" } }] }), requests: [claims({ sub: "a" }), claims({ sub: "b" })], statuses: [200, 429] },
  ],
  "the client's address": [
    { title: "requests of one client share one limit", configuration: ruled({ key: byClient }), requests: [none, none], statuses: [200, 429] },
    { title: "a client gains nothing by addresses that it makes up", configuration: ruled({ key: byClient }), requests: [from("10.0.0.1"), from("10.0.0.2"), from("10.0.0.3, 10.0.0.4"), from("2001:db8::1")], statuses: [200, 429, 429, 429] },
    { title: "a trusted hop's address is the client's", configuration: ruled({ key: byClient }, hop), requests: [from("10.0.0.1"), from("10.0.0.2"), from("10.0.0.1")], statuses: [200, 200, 429] },
    { title: "what stands before the trusted hop's is not looked at", configuration: ruled({ key: byClient }, hop), requests: [from("1.1.1.1, 10.0.0.1"), from("2.2.2.2, 10.0.0.1"), from("3.3.3.3", "10.0.0.1")], statuses: [200, 429, 429] },
    { title: "a client of IPv6 is its network of 64 bits", configuration: ruled({ key: byClient }, hop), requests: [from("2001:db8::1"), from("2001:db8::ffff:1"), from("2001:db8:0:1::1")], statuses: [200, 429, 200] },
    { title: "networks may be larger", configuration: ruled({ key: [{ client_address: { ipv4_prefix_bits: 20, ipv6_prefix_bits: 45 } }] }, hop), requests: [from("10.0.0.1"), from("10.0.15.255"), from("10.0.16.0"), from("2001:db8:8::1"), from("2001:db8:f::1"), from("2001:db8:10::1")], statuses: [200, 429, 200, 200, 429, 200] },
    { title: "what is no address shares one limit", configuration: ruled({ key: byClient }, hop), requests: [from("unknown"), from("10.0.0.1:80"), none], statuses: [200, 429, 429] },
  ],
  "headers twice, or not at all": [
    { title: "two values of a header are in doubt, and share the limit of those without", configuration: ruled({ key: byKey }), requests: [twice, mixed, none, x("a")], statuses: [200, 429, 429, 200] },
    { title: '"first" looks at the first value', configuration: ruled({ key: byKey }, { repeated: "first" }), requests: [twice, mixed, x("a"), x("b")], statuses: [200, 429, 429, 200] },
    { title: '"every" looks at all values', configuration: ruled({ key: byKey }, { repeated: "every" }), requests: [twice, mixed, x("a"), twice], statuses: [200, 200, 200, 429] },
    { title: "requests without a value share one limit", configuration: ruled({ key: byKey, on_missing: "share" }), requests: [none, none, x("a")], statuses: [200, 429, 200] },
    { title: "requests without a value can be left alone", configuration: ruled({ key: byKey, on_missing: "skip" }), requests: [none, none, x("a"), x("a")], statuses: [200, 200, 200, 429] },
    { title: "requests without a value can be refused", configuration: ruled({ key: byKey, on_missing: "deny" }), requests: [none, x("a")], statuses: [429, 200] },
  ],
  "several rules": [
    { title: "all rules must have room", configuration: { rules: [{ name: "a", key: byKey, limit: one }, { name: "b", key: [{ constant: "all" }], limit: two }] }, requests: [x("1"), x("1"), x("2"), x("3")], statuses: [200, 429, 200, 429] },
    { title: "rules of one key and one limit do not share", configuration: { rules: [{ name: "a", key: byKey, limit: two }, { name: "b", key: byKey, limit: two }] }, requests: repeat(x("1"), 3), statuses: [200, 200, 429] },
    { title: "a rule speaks of the requests that it names", configuration: ruled({ when: { path: { prefix: "/api/" } } }), requests: [at("/api/a"), at("/api/b"), at("/other"), at("/other")], statuses: [200, 429, 200, 200] },
    { title: "in doubt a rule speaks of a request", configuration: ruled({ when: { header: "x-key", exact: "a" } }), requests: [twice, twice, x("b")], statuses: [200, 429, 200] },
    { title: "another limit holds for a value that is named", configuration: ruled({ key: byKey, overrides: [{ values: ["gold"], limit: two }] }), requests: [x("gold"), x("gold"), x("gold"), x("iron"), x("iron")], statuses: [200, 200, 429, 200, 429] },
    { title: "another limit holds for keys that begin with what is named", configuration: ruled({ key: [{ header: "x-key" }, { method: true }], overrides: [{ values: ["gold"], limit: two }, { values: ["gold", "POST"], limit: one }] }), requests: [x("gold"), x("gold"), { ...x("gold"), method: "POST" }, { ...x("gold"), method: "POST" }, x("iron"), x("iron")], statuses: [200, 200, 200, 200, 200, 429] },
  ],
  "fractions and shadow mode": [
    { title: "a rule in shadow mode refuses nobody", configuration: ruled({ shadow: true }), requests: repeat(none, 3), statuses: [200, 200, 200] },
    { title: "a rule that is enabled for none is applied to none", configuration: ruled({ enabled: never }), requests: repeat(none, 3), statuses: [200, 200, 200] },
    { title: "a rule that is enabled for all is applied to all", configuration: ruled({ enabled: { numerator: 1_000_000, denominator: "MILLION" } }), requests: repeat(none, 2), statuses: [200, 429] },
    { title: "a hundred of a hundred are all", configuration: ruled({ enabled: { numerator: 100, denominator: "HUNDRED" } }), requests: repeat(none, 2), statuses: [200, 429] },
    { title: "a rule that is enforced for none refuses nobody", configuration: ruled({ enforced: never }), requests: repeat(none, 3), statuses: [200, 200, 200] },
    { title: "a rule that is enforced for all refuses all", configuration: ruled({ enforced: { numerator: 10_000, denominator: "TEN_THOUSAND" } }), requests: repeat(none, 2), statuses: [200, 429] },
  ],
};

/** All of them. */
export const scenarios: readonly Scenario[] = Object.values(groups).flat();
