import type { HeaderValue } from "proxy-wasm-harness";
import { basic, ciKey, known, opsKey } from "./people.ts";
import type { HeaderAuthz } from "./scenarios.ts";

/** A request with or without a credential, and what must become of it. */
export interface Attempt {
  readonly title: string;
  readonly configuration: HeaderAuthz;
  readonly path?: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: HeaderValue]>;
  readonly status: number;
  /** The reason code without its prefix. */
  readonly reason: string;
  /** What the client is asked for. */
  readonly challenges?: readonly string[];
}

const anyKey: HeaderAuthz = { ...known, rules: [{ allow: { authenticated: "api_key" } }] };
const deployers: HeaderAuthz = { ...known, rules: [{ allow: { authenticated: "api_key", role: "deploy" } }] };
const ciOnly: HeaderAuthz = {
  ...known,
  rules: [{ allow: { authenticated: "api_key", name: { exact: "ci" } } }],
};
const inQuery: HeaderAuthz = {
  ...anyKey,
  api_keys: { query: "key", keys: known.api_keys.keys },
};
const anyUser: HeaderAuthz = { ...known, rules: [{ allow: { authenticated: "basic" } }] };
const admins: HeaderAuthz = { ...known, rules: [{ allow: { authenticated: "basic", role: "admin" } }] };
const either: HeaderAuthz = {
  ...known,
  rules: [
    { allow: { path: { prefix: "/public/" } } },
    { allow: { any: [{ authenticated: "api_key" }, { authenticated: "basic" }] } },
  ],
};
const guarded: HeaderAuthz = {
  ...known,
  rules: [
    {
      deny: { all: [{ path: { prefix: "/admin" } }, { not: { authenticated: "basic", role: "admin" } }] },
      name: "admins_only",
    },
    { allow: { header: ":method", present: true } },
  ],
};

const key = (...values: HeaderValue[]) => ({ headers: values.map((value) => ["x-api-key", value] as const) });
const login = (...values: HeaderValue[]) => ({
  headers: values.map((value) => ["authorization", value] as const),
});
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString("base64");

const passes = { status: 200, reason: "allowed" };
const asksForKey = { status: 401, challenges: ['ApiKey realm="shop"'] };
const asksForLogin = { status: 401, challenges: ['Basic realm="shop", charset="UTF-8"'] };
const asksForBoth = { status: 401, challenges: [...asksForKey.challenges, ...asksForLogin.challenges] };
const missing = "missing_credential";
const repeated = "repeated_credential";
const unknown = "api_key_unknown";
const wrong = "basic_wrong";
const malformed = "basic_malformed";

// A table: one line an attempt.
// prettier-ignore
export const attempts: readonly Attempt[] = [
  { title: "a key that is known passes", configuration: anyKey, ...key(ciKey), ...passes },
  { title: "no key is missing", configuration: anyKey, ...asksForKey, reason: missing },
  { title: "an empty key is unknown", configuration: anyKey, ...key(""), ...asksForKey, reason: unknown },
  { title: "a key that is cut off is unknown", configuration: anyKey, ...key(ciKey.slice(1)), ...asksForKey, reason: unknown },
  { title: "a key in another case is unknown", configuration: anyKey, ...key(ciKey.toUpperCase()), ...asksForKey, reason: unknown },
  { title: "a key's hash is no key", configuration: anyKey, ...key(known.api_keys.keys[0]?.sha256 ?? ""), ...asksForKey, reason: unknown },
  { title: "a key with a stray byte is unknown", configuration: anyKey, ...key(Uint8Array.from([...Buffer.from(ciKey), 0xff])), ...asksForKey, reason: unknown },
  { title: "a huge key is unknown", configuration: anyKey, ...key("k".repeat(40_000)), ...asksForKey, reason: unknown },
  { title: "two keys are refused, though one is known", configuration: anyKey, ...key(ciKey, "other"), ...asksForKey, reason: repeated },
  { title: "two keys are refused, whatever repeated says", configuration: { ...anyKey, repeated: "first" }, ...key(ciKey, "other"), ...asksForKey, reason: repeated },
  { title: "two keys in one line are none", configuration: anyKey, ...key(`${ciKey}, other`), ...asksForKey, reason: unknown },
  { title: "a key in the query passes", configuration: inQuery, path: `/?key=${ciKey}`, ...passes },
  { title: "a key in the query is decoded once", configuration: inQuery, path: `/?key=%63${ciKey.slice(1)}`, ...passes },
  { title: "a malformed escape makes no key", configuration: inQuery, path: `/?key=%6${ciKey}`, ...asksForKey, reason: unknown },
  { title: "two keys in the query are refused", configuration: inQuery, path: `/?key=${ciKey}&key=x`, ...asksForKey, reason: repeated },
  { title: "a key in the header is not looked for where the query has it", configuration: inQuery, ...key(ciKey), ...asksForKey, reason: missing },
  { title: "a key with the role passes", configuration: deployers, ...key(opsKey), ...passes },
  { title: "a key without the role is known, and may not", configuration: deployers, ...key(ciKey), status: 403, reason: "no_rule_matched", challenges: ['ApiKey realm="shop"'] },
  { title: "the key of the name passes", configuration: ciOnly, ...key(ciKey), ...passes },
  { title: "the key of another name may not", configuration: ciOnly, ...key(opsKey), status: 403, reason: "no_rule_matched", challenges: ['ApiKey realm="shop"'] },

  { title: "a user with the password passes", configuration: anyUser, ...login(basic("ada", "opensesame")), ...passes },
  { title: "the scheme's case does not count", configuration: anyUser, ...login(basic("ada", "opensesame").replace("Basic", "bASIC")), ...passes },
  { title: "a password may hold colons and what is no ASCII", configuration: anyUser, ...login(basic("bob", "päss:word")), ...passes },
  { title: "no password is missing", configuration: anyUser, ...asksForLogin, reason: missing },
  { title: "another scheme is no password", configuration: anyUser, ...login("Bearer abc"), ...asksForLogin, reason: missing },
  { title: "a wrong password is wrong", configuration: anyUser, ...login(basic("ada", "opensesamE")), ...asksForLogin, reason: wrong },
  { title: "an empty password is wrong", configuration: anyUser, ...login(basic("ada", "")), ...asksForLogin, reason: wrong },
  { title: "another's password is wrong", configuration: anyUser, ...login(basic("ada", "päss:word")), ...asksForLogin, reason: wrong },
  { title: "an unknown user is wrong, with a known password too", configuration: anyUser, ...login(basic("eve", "opensesame")), ...asksForLogin, reason: wrong },
  { title: "a user's name in another case is unknown", configuration: anyUser, ...login(basic("Ada", "opensesame")), ...asksForLogin, reason: wrong },
  { title: "a password in Latin-1 is another", configuration: anyUser, ...login(basic("bob", Buffer.from("päss:word", "latin1"))), ...asksForLogin, reason: wrong },
  { title: "no colon is malformed", configuration: anyUser, ...login(`Basic ${base64("ada")}`), ...asksForLogin, reason: malformed },
  { title: "no base64 is malformed", configuration: anyUser, ...login("Basic !!!!"), ...asksForLogin, reason: malformed },
  { title: "base64 without padding is malformed", configuration: anyUser, ...login(basic("ada", "opensesame").replace(/=+$/, "")), ...asksForLogin, reason: malformed },
  { title: "a control character is malformed", configuration: anyUser, ...login(`Basic ${base64("ada\0:opensesame")}`), ...asksForLogin, reason: malformed },
  { title: "two of them, which Envoy joins, are malformed", configuration: anyUser, ...login(basic("ada", "opensesame"), basic("ada", "opensesame")), ...asksForLogin, reason: malformed },
  { title: "a user with the role passes", configuration: admins, ...login(basic("bob", "päss:word")), ...passes },
  { title: "a user without the role may not", configuration: admins, ...login(basic("ada", "opensesame")), status: 403, reason: "no_rule_matched", challenges: asksForLogin.challenges },

  { title: "what needs no credential passes with a wrong one", configuration: either, path: "/public/a", ...key("x"), ...passes },
  { title: "one of two kinds is enough", configuration: either, headers: [["x-api-key", "x"], ["authorization", basic("ada", "opensesame")]], ...passes },
  { title: "none of two kinds asks for both", configuration: either, ...asksForBoth, reason: missing },
  { title: "what is wrong comes before what is missing", configuration: either, ...key("x"), ...asksForBoth, reason: unknown },
  { title: "a rule that denies strangers asks for a credential", configuration: guarded, path: "/admin", ...asksForLogin, reason: `${missing}[admins_only]` },
  { title: "a path in disguise is the same path", configuration: guarded, path: "//x/..//%61dmin", ...asksForLogin, reason: `${missing}[admins_only]` },
  { title: "who lacks the role is denied by the rule", configuration: guarded, path: "/admin", ...login(basic("ada", "opensesame")), status: 403, reason: "denied_by_rule[admins_only]", challenges: asksForLogin.challenges },
  { title: "who has it passes", configuration: guarded, path: "/admin", ...login(basic("bob", "päss:word")), ...passes },
];
