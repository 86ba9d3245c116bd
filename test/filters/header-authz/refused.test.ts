import { startProxy, type BackendName } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { describe, inject, test } from "vitest";

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

const tables = { rules: ofRules, "how requests are read": ofReading };

for (const [about, table] of Object.entries(tables)) {
  describe(`refused to start: ${about}`, () => {
    test.for(table)("%s", async ([, configuration, message]) => {
      const backend = inject("proxyWasmBackend") as BackendName;

      await expect(
        startProxy({ backend, chain: [{ filter: "header-authz", configuration }] }),
      ).rejects.toMatchObject({
        code: "configuration_refused",
        message: expect.stringMatching(message),
      });
    });
  });
}
