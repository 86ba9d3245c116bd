import { startProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { inProject, test } from "../../project.ts";

const allow = '{ "header": "x-role", "exact": "admin" }';
const rules = `"rules": [{ "allow": ${allow} }]`;

/** A configuration that is wrong, and the words that must name its key. */
type Wrong = [what: string, configuration: string, message: RegExp];

// A table: one line a case.
// prettier-ignore
const ofRules: Wrong[] = [
  ["nothing at all", "", /header-authz: configuration refused/],
  ["no JSON", '{ "rules": [', /line 1/],
  ["no object", "[]", /must be an object/],
  ["no rules", "{}", /rules .*is missing/],
  ["rules that are no list", '{ "rules": {} }', /rules \(line 1\): must be an array/],
  ["no rule", '{ "rules": [] }', /rules \(line 1\): must hold an allow rule/],
  ["only deny rules", `{ "rules": [{ "deny": ${allow} }] }`, /rules \(line 1\): must hold an allow rule/],
  ["only an allow rule that decides nothing", `{ "rules": [{ "allow": ${allow}, "shadow": true }] }`, /rules \(line 1\): must hold an allow rule/],
  ["a mistyped key", `{ "rules": [{ "allow": ${allow} }],\n "repeatd": "first" }`, /repeatd \(line 2\).*repeated/],
  ["a mistyped key of a condition", '{ "rules": [{ "allow": { "header": "x", "exakt": "y" } }] }', /rules\[0\]\.allow/],
  ["neither allow nor deny", '{ "rules": [{ }] }', /rules\[0\] .*either allow or deny/],
  ["both allow and deny", `{ "rules": [{ "allow": ${allow}, "deny": ${allow} }] }`, /rules\[0\] .*either allow or deny/],
  ["a header that is no name", '{ "rules": [{ "allow": { "header": "x role", "exact": "y" } }] }', /rules\[0\]\.allow\.header .*name of a header/],
  ["a condition of nothing", '{ "rules": [{ "allow": { "exact": "y" } }] }', /rules\[0\]\.allow .*one of header, query, path/],
  ["two comparisons", '{ "rules": [{ "allow": { "header": "x", "exact": "y", "prefix": "z" } }] }', /rules\[0\]\.allow .*one of exact, prefix, suffix/],
  ["a number for text", '{ "rules": [{ "allow": { "header": "x", "exact": 1 } }] }', /rules\[0\]\.allow\.exact .*must be a string/],
  ["an expression that is none", '{ "rules": [{ "allow": { "all": [{ "header": "x", "regex": "(" }] } }] }', /rules\[0\]\.allow\.all\[0\]\.regex /],
  ["a path that no path is", '{ "rules": [{ "allow": { "path": { "exact": "/a/../b" } } }] }', /rules\[0\]\.allow\.path\.exact /],
  ["a range that is none", '{ "rules": [{ "allow": { "client_address": ["10.0.0.1/8"] } }] }', /rules\[0\]\.allow\.client_address\[0\] /],
  ["a name with a blank", `{ "rules": [{ "allow": ${allow}, "name": "a b" }] }`, /rules\[0\]\.name .*must be 1 to 64/],
  ["an empty name", `{ "rules": [{ "allow": ${allow}, "name": "" }] }`, /rules\[0\]\.name .*must be 1 to 64/],
  ["a shadow that is text", `{ "rules": [{ "allow": ${allow}, "shadow": "yes" }] }`, /rules\[0\]\.shadow .*true or false/],
];

// prettier-ignore
const ofReading: Wrong[] = [
  ["an unknown policy", `{ ${rules}, "repeated": "last" }`, /repeated \(line 1\).*refuse, first, every/],
  ["a case that is neither", `{ ${rules}, "case_sensitive": "no" }`, /case_sensitive .*true or false/],
  ["an unknown reading of slashes", `{ ${rules}, "encoded_slashes": "drop" }`, /encoded_slashes .*refuse, keep, decode/],
  ["an unknown reading of parameters", `{ ${rules}, "path_parameters": "drop" }`, /path_parameters .*refuse, keep, remove/],
  ["hops below 0", `{ ${rules}, "trusted_hops": -1 }`, /trusted_hops .*from 0 to 32/],
  ["too many hops", `{ ${rules}, "trusted_hops": 33 }`, /trusted_hops .*from 0 to 32/],
  ["a shadow of no truth", `{ ${rules}, "shadow": 1 }`, /shadow .*true or false/],
];

const digest = "00".repeat(32);
const key = `{ "name": "a", "sha256": "${digest}" }`;
const user = `{ "name": "a", "salt": "0001020304050607", "sha256": "${digest}" }`;
const jwks =
  '"{\\"keys\\":[{\\"kty\\":\\"oct\\",\\"k\\":\\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\\"}]}"';
const local = `"local_jwks": ${jwks}`;
const remote = (more: string): string =>
  `{ ${rules}, "jwt": { "remote_jwks": { "cluster": "c", "path": "/", ${more} } } }`;
const tokens = (more: string): string => `{ ${rules}, "jwt": { ${local}, ${more} } }`;
const keys = (more: string): string =>
  `{ ${rules}, "api_keys": { "header": "x-api-key", "keys": [${more}] } }`;
const users = (more: string): string => `{ ${rules}, "basic": { "users": [${more}] } }`;
const signer = `{ "keyid": "a", "secret": "${"A".repeat(44)}" }`;
const signers = (all: string, more = ""): string => `{ ${rules}, "signatures": { "keys": [${all}]${more} } }`;
const headers = (more: string): string =>
  `{ ${rules}, "basic": { "users": [${user}] }, "set_headers": [${more}] }`;
const conditions = (more: string): string =>
  `{ "rules": [{ "allow": ${more} }], "basic": { "users": [${user}] } }`;

// prettier-ignore
const ofCredentials: Wrong[] = [
  ["a condition of a key without keys", conditions('{ "authenticated": "api_key" }'), /rules\[0\]\.allow\.authenticated .*needs the option for api_key/],
  ["an unknown kind", conditions('{ "authenticated": "magic" }'), /rules\[0\]\.allow\.authenticated .*must be one of api_key, basic/],
  ["a name that is text", conditions('{ "authenticated": "basic", "name": "a" }'), /rules\[0\]\.allow\.name .*must be an object/],
  ["a name without comparison", conditions('{ "authenticated": "basic", "name": {} }'), /rules\[0\]\.allow\.name .*must have one of exact/],
  ["a role that is no text", conditions('{ "authenticated": "basic", "role": 1 }'), /rules\[0\]\.allow\.role .*must be a string/],
  ["an empty role", conditions('{ "authenticated": "basic", "role": "" }'), /rules\[0\]\.allow\.role .*must not be empty/],
  ["a claim without tokens", conditions('{ "claim": "sub", "exact": "a" }'), /rules\[0\]\.allow\.claim .*needs the option jwt/],
  ["a role of tokens", `{ "rules": [{ "allow": { "authenticated": "jwt", "role": "a" } }], "jwt": { ${local} } }`, /rules\[0\]\.allow\.role .*say claim/],
  ["an empty claim", `{ "rules": [{ "allow": { "claim": "", "exact": "a" } }], "jwt": { ${local} } }`, /rules\[0\]\.allow\.claim .*must not be empty/],
  ["a claim without comparison", `{ "rules": [{ "allow": { "claim": "a" } }], "jwt": { ${local} } }`, /rules\[0\]\.allow .*must have one of exact/],
  ["a realm with quotes", `{ ${rules}, "realm": "a\\"b" }`, /realm .*must be 1 to 64/],
  ["no realm", `{ ${rules}, "realm": "" }`, /realm .*must be 1 to 64/],

  ["neither header nor query", `{ ${rules}, "api_keys": { "keys": [${key}] } }`, /api_keys .*either header or query/],
  ["a header that is no name", `{ ${rules}, "api_keys": { "header": "a b", "keys": [${key}] } }`, /api_keys\.header .*name of a header/],
  ["a pseudo-header", `{ ${rules}, "api_keys": { "header": ":path", "keys": [${key}] } }`, /api_keys\.header .*name of a header/],
  ["no name of the parameter", `{ ${rules}, "api_keys": { "query": "", "keys": [${key}] } }`, /api_keys\.query .*must not be empty/],
  ["no keys", keys(""), /api_keys\.keys .*must hold 1 to 1000 keys/],
  ["too many keys", keys(Array.from({ length: 1001 }, () => key).join()), /api_keys\.keys .*must hold 1 to 1000 keys/],
  ["a key without name", keys(`{ "sha256": "${digest}" }`), /api_keys\.keys\[0\]\.name .*is missing/],
  ["an empty name", keys(`{ "name": "", "sha256": "${digest}" }`), /api_keys\.keys\[0\]\.name .*must not be empty/],
  ["a name that no header may have", keys(`{ "name": "a\\n", "sha256": "${digest}" }`), /api_keys\.keys\[0\]\.name .*control character/],
  ["a hash that is too short", keys('{ "name": "a", "sha256": "00" }'), /api_keys\.keys\[0\]\.sha256 .*SHA-256 in 64 hex/],
  ["a key in plain text", keys('{ "name": "a", "key": "secret" }'), /api_keys\.keys\[0\]/],
  ["roles that are text", keys(`{ "name": "a", "sha256": "${digest}", "roles": "ops" }`), /api_keys\.keys\[0\]\.roles .*must be an array/],
  ["an empty role of a key", keys(`{ "name": "a", "sha256": "${digest}", "roles": [""] }`), /api_keys\.keys\[0\]\.roles\[0\] .*must not be empty/],

  ["no users", users(""), /basic\.users .*must hold 1 to 1000 users/],
  ["a user's name twice", users(`${user}, ${user}`), /basic\.users\[1\] .*has the name of another/],
  ["a user's name with a colon", users(user.replace('"a"', '"a:b"')), /basic\.users\[0\]\.name .*colon/],
  ["a salt that is too short", users(user.replace("0001020304050607", "00")), /basic\.users\[0\]\.salt .*8 to 64 bytes/],
  ["a password in plain text", users('{ "name": "a", "password": "p" }'), /basic\.users\[0\]/],

  ["no source of keys", `{ ${rules}, "jwt": {} }`, /jwt .*either local_jwks or remote_jwks/],
  ["keys that are no JSON", `{ ${rules}, "jwt": { "local_jwks": "{" } }`, /jwt\.local_jwks .*has no key: not JSON/],
  ["no key that can be used", `{ ${rules}, "jwt": { "local_jwks": "{\\"keys\\":[{\\"kty\\":\\"OKP\\"}]}" } }`, /jwt\.local_jwks .*has no key: keys\[0\]: its kty/],
  ["an algorithm of no use", tokens('"algorithms": ["none"]'), /jwt\.algorithms\[0\] .*RS256, ES256, HS256/],
  ["no algorithm", tokens('"algorithms": []'), /jwt\.algorithms .*must not be empty/],
  ["issuers that are text", tokens('"issuers": "a"'), /jwt\.issuers .*must be an array/],
  ["an empty audience", tokens('"audiences": [""]'), /jwt\.audiences\[0\] .*must not be empty/],
  ["a skew of more than a day", tokens('"clock_skew_seconds": 86401'), /jwt\.clock_skew_seconds .*from 0 to 86400/],
  ["an expiration that is text", tokens('"require_expiration": "no"'), /jwt\.require_expiration .*true or false/],
  ["a token from nowhere", tokens('"from": {}'), /jwt\.from .*either header or query/],
  ["a prefix with a line break", tokens('"from": { "header": "x", "value_prefix": "a\\n" }'), /jwt\.from\.value_prefix .*must not hold CR/],
  ["a prefix in a query", tokens('"from": { "query": "x", "value_prefix": "a" }'), /jwt\.from\.value_prefix/],
  ["no cluster", `{ ${rules}, "jwt": { "remote_jwks": { "path": "/" } } }`, /jwt\.remote_jwks\.cluster .*is missing/],
  ["a path without /", `{ ${rules}, "jwt": { "remote_jwks": { "cluster": "c", "path": "a" } } }`, /jwt\.remote_jwks\.path .*must begin with \//],
  ["an empty authority", remote('"authority": ""'), /jwt\.remote_jwks\.authority .*must not be empty/],
  ["no time to answer", remote('"timeout_ms": 0'), /jwt\.remote_jwks\.timeout_ms .*from 1 to 60000/],
  ["no time between", remote('"refresh_ms": 0'), /jwt\.remote_jwks\.refresh_ms .*from 1 to 86400000/],
  ["no time to cool down", remote('"cool_down_ms": 0'), /jwt\.remote_jwks\.cool_down_ms .*from 1 to 86400000/],
  ["a status that lets pass", remote('"not_ready_status": 200'), /jwt\.remote_jwks\.not_ready_status .*must be one of 401/],

  ["no signer", signers(""), /signatures\.keys .*must hold 1 to 1000 keys/],
  ["a signer twice", signers(`${signer}, ${signer}`), /signatures\.keys\[1\] .*has the keyid of another/],
  ["a secret that is too short", signers('{ "keyid": "a", "secret": "c2VjcmV0" }'), /signatures\.keys\[0\]\.secret .*32 bytes at least/],
  ["a secret that is no base64", signers('{ "keyid": "a", "secret": "!" }'), /signatures\.keys\[0\]\.secret .*in base64/],
  ["no keyid", signers(`{ "secret": "${"A".repeat(44)}" }`), /signatures\.keys\[0\]\.keyid .*is missing/],
  ["a component that no signature may cover", signers(signer, ', "covers": ["@status"]'), /signatures\.covers\[0\] .*must be a component/],
  ["a header in upper case", signers(signer, ', "covers": ["Date"]'), /signatures\.covers\[0\] .*must be a component/],
  ["no age", signers(signer, ', "max_age_seconds": 0'), /signatures\.max_age_seconds .*from 1 to 3153600000/],
  ["a skew of no number", signers(signer, ', "clock_skew_seconds": "1"'), /signatures\.clock_skew_seconds .*from 0 to 86400/],

  ["a header that is no name", headers('{ "header": "a b", "value": "x" }'), /set_headers\[0\]\.header .*name of a header/],
  ["a pseudo-header to set", headers('{ "header": ":path", "value": "x" }'), /set_headers\[0\]\.header .*name of a header/],
  ["a header that frames messages", headers('{ "header": "Content-Length", "value": "1" }'), /set_headers\[0\]\.header .*Envoy needs/],
  ["no source of a value", headers('{ "header": "x" }'), /set_headers\[0\] .*must have one of value/],
  ["two sources", headers('{ "header": "x", "value": "y", "peer": true }'), /set_headers\[0\] .*must have one of value/],
  ["a text that no header may have", headers('{ "header": "x", "value": "a\\n" }'), /set_headers\[0\]\.value .*control character/],
  ["no peer", headers('{ "header": "x", "peer": false }'), /set_headers\[0\]\.peer .*must be true/],
  ["the name of nobody known", headers('{ "header": "x", "name_of": "api_key" }'), /set_headers\[0\]\.name_of .*needs the option for api_key/],
  ["the roles of tokens", `{ ${rules}, "jwt": { ${local} }, "set_headers": [{ "header": "x", "roles_of": "jwt" }] }`, /set_headers\[0\]\.roles_of .*say claim/],
  ["a claim of no tokens", headers('{ "header": "x", "claim": "sub" }'), /set_headers\[0\]\.claim .*needs the option for jwt/],
];

const tables = { "who may come": ofCredentials, rules: ofRules, "how requests are read": ofReading };

for (const [about, table] of Object.entries(tables)) {
  describe(`refused to start: ${about}`, () => {
    test.for(table)("%s", async ([, configuration, message], { envoys }) => {
      await expect(
        startProxy({ ...inProject(envoys), chain: [{ filter: "header-authz", configuration }] }),
      ).rejects.toMatchObject({
        code: "configuration_refused",
        message: expect.stringMatching(message),
      });
    });
  });
}
