import type { FilterConfigurations, HeaderValue, RequestInput } from "proxy-wasm-harness";

/** What the filter is configured with. */
export type HeaderAuthz = FilterConfigurations["header-authz"];
type Reason = "denied_by_rule" | "missing_header" | "no_rule_matched" | "repeated_header";

/** A request, and what must become of it in every backend. */
export interface Scenario {
  readonly title: string;
  readonly configuration: HeaderAuthz;
  /** What the request is, beside its headers; `GET /` when it is not said. */
  readonly request?: Omit<RequestInput, "headers">;
  readonly headers?: ReadonlyArray<readonly [name: string, value: HeaderValue]>;
  /** The reason code of the refusal, or "allowed". */
  readonly verdict: "allowed" | Reason;
}

const bytes = (...parts: Array<string | number>): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "number" ? [part] : [...new TextEncoder().encode(part)])),
  );

const admin: HeaderAuthz = { rules: [{ allow: { header: "x-role", exact: "admin" } }] };
const prefix: HeaderAuthz = { rules: [{ allow: { header: "x-team", prefix: "pay" } }] };
const present: HeaderAuthz = { rules: [{ allow: { header: "x-user", present: true } }] };
const absent: HeaderAuthz = {
  rules: [{ allow: { header: "x-forwarded-user", present: true, invert: true } }],
};
const notGuest: HeaderAuthz = { rules: [{ allow: { header: "x-role", exact: "guest", invert: true } }] };
const denyFirst: HeaderAuthz = {
  rules: [{ deny: { header: "x-role", exact: "guest" } }, { allow: { header: "x-role", present: true } }],
};
const denyOthers: HeaderAuthz = {
  rules: [
    { deny: { header: "x-tenant", prefix: "a-", invert: true } },
    { allow: { header: "x-user", present: true } },
  ],
};
const allowFirst: HeaderAuthz = { rules: [...denyFirst.rules].reverse() };
const latin1: HeaderAuthz = { rules: [{ allow: { header: "x-name", exact: "café" } }] };
const first: HeaderAuthz = { ...admin, repeated: "first" };
const every: HeaderAuthz = { ...admin, repeated: "every" };
const denyEvery: HeaderAuthz = { ...denyFirst, repeated: "every" };

// A table: one line a scenario.
// prettier-ignore
export const groups: Readonly<Record<string, readonly Scenario[]>> = {
  "an exact value": [
    { title: "the exact value is allowed", configuration: admin, headers: [["x-role", "admin"]], verdict: "allowed" },
    { title: "the header's name is matched in any case", configuration: admin, headers: [["X-Role", "admin"]], verdict: "allowed" },
    { title: "another value is refused", configuration: admin, headers: [["x-role", "user"]], verdict: "no_rule_matched" },
    { title: "a value in another case is refused", configuration: admin, headers: [["x-role", "Admin"]], verdict: "no_rule_matched" },
    { title: "a longer value is refused", configuration: admin, headers: [["x-role", "administrator"]], verdict: "no_rule_matched" },
    { title: "a shorter value is refused", configuration: admin, headers: [["x-role", "admi"]], verdict: "no_rule_matched" },
    { title: "a list that holds the value is refused", configuration: admin, headers: [["x-role", "admin,user"]], verdict: "no_rule_matched" },
    { title: "an empty value is refused, and is not an absent one", configuration: admin, headers: [["x-role", ""]], verdict: "no_rule_matched" },
    { title: "an absent header is refused", configuration: admin, headers: [], verdict: "missing_header" },
  ],
  // a decoder that drops or joins them would let these pass
  "bytes that are no UTF-8": [
    { title: "a stray byte after the value is refused", configuration: admin, headers: [["x-role", bytes("admin", 0xff)]], verdict: "no_rule_matched" },
    { title: "a truncated sequence after the value is refused", configuration: admin, headers: [["x-role", bytes("admin", 0xe9)]], verdict: "no_rule_matched" },
    { title: "an overlong letter is refused", configuration: admin, headers: [["x-role", bytes(0xc1, 0xa1, "dmin")]], verdict: "no_rule_matched" },
    { title: "an overlong letter of three bytes is refused", configuration: admin, headers: [["x-role", bytes(0xe0, 0x81, 0xa1, "dmin")]], verdict: "no_rule_matched" },
    { title: "a stray byte inside the value is refused", configuration: admin, headers: [["x-role", bytes("adm", 0xc1, "in")]], verdict: "no_rule_matched" },
    { title: "a UTF-8 value is compared by its bytes", configuration: latin1, headers: [["x-name", "café"]], verdict: "allowed" },
    { title: "the same letters in Latin-1 are other bytes", configuration: latin1, headers: [["x-name", bytes("caf", 0xe9)]], verdict: "no_rule_matched" },
  ],
  // refused unless the configuration says otherwise
  "repeated headers": [
    { title: "two values are refused, the right one last", configuration: admin, headers: [["x-role", "user"], ["x-role", "admin"]], verdict: "repeated_header" },
    { title: "two values are refused, the right one first", configuration: admin, headers: [["x-role", "admin"], ["x-role", "user"]], verdict: "repeated_header" },
    { title: "the right value twice is refused", configuration: admin, headers: [["x-role", "admin"], ["x-role", "admin"]], verdict: "repeated_header" },
    { title: "a repeated header that no rule reads is nobody's concern", configuration: admin, headers: [["x-a", "1"], ["x-role", "admin"], ["x-a", "2"]], verdict: "allowed" },
    { title: '"first" looks at the first value: allowed', configuration: first, headers: [["x-role", "admin"], ["x-role", "user"]], verdict: "allowed" },
    { title: '"first" looks at the first value: refused', configuration: first, headers: [["x-role", "user"], ["x-role", "admin"]], verdict: "no_rule_matched" },
    { title: '"every" needs all values to allow', configuration: every, headers: [["x-role", "admin"], ["x-role", "user"]], verdict: "no_rule_matched" },
    { title: '"every" allows when all values do', configuration: every, headers: [["x-role", "admin"], ["x-role", "admin"]], verdict: "allowed" },
    { title: '"every" needs one value to deny', configuration: denyEvery, headers: [["x-role", "admin"], ["x-role", "guest"]], verdict: "denied_by_rule" },
  ],
  "prefix and present": [
    { title: "a value with the prefix is allowed", configuration: prefix, headers: [["x-team", "payments"]], verdict: "allowed" },
    { title: "the prefix itself is allowed", configuration: prefix, headers: [["x-team", "pay"]], verdict: "allowed" },
    { title: "a value without the prefix is refused", configuration: prefix, headers: [["x-team", "repay"]], verdict: "no_rule_matched" },
    { title: "a present header is allowed", configuration: present, headers: [["x-user", "anybody"]], verdict: "allowed" },
    { title: "a present header may be empty", configuration: present, headers: [["x-user", ""]], verdict: "allowed" },
  ],
  invert: [
    { title: "an absent header satisfies the rule that asks for its absence", configuration: absent, headers: [], verdict: "allowed" },
    { title: "a present header does not", configuration: absent, headers: [["x-forwarded-user", "x"]], verdict: "no_rule_matched" },
    { title: "any value but one is allowed", configuration: notGuest, headers: [["x-role", "user"]], verdict: "allowed" },
    { title: "that one value is refused", configuration: notGuest, headers: [["x-role", "guest"]], verdict: "no_rule_matched" },
    { title: "no value at all is in doubt, and refused", configuration: notGuest, headers: [], verdict: "missing_header" },
    { title: "a deny rule for every other value denies a missing one", configuration: denyOthers, headers: [["x-user", "x"]], verdict: "denied_by_rule" },
    { title: "a deny rule for every other value lets its own pass", configuration: denyOthers, headers: [["x-tenant", "a-1"], ["x-user", "x"]], verdict: "allowed" },
  ],
  "the order of the rules": [
    { title: "the first rule that matches decides: deny", configuration: denyFirst, headers: [["x-role", "guest"]], verdict: "denied_by_rule" },
    { title: "the first rule that matches decides: allow", configuration: allowFirst, headers: [["x-role", "guest"]], verdict: "allowed" },
    { title: "a rule that does not match leaves it to the next", configuration: denyFirst, headers: [["x-role", "user"]], verdict: "allowed" },
  ],
};

/** All of them. */
export const scenarios: readonly Scenario[] = Object.values(groups).flat();
