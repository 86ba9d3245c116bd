import type { HeaderAuthz, Scenario } from "./scenarios.ts";

type Condition = Extract<HeaderAuthz["rules"][number], { allow: unknown }>["allow"];

const allow = (condition: Condition, more: Partial<HeaderAuthz> = {}): HeaderAuthz => ({
  ...more,
  rules: [{ allow: condition }],
});
const deny = (condition: Condition, more: Partial<HeaderAuthz> = {}): HeaderAuthz => ({
  ...more,
  rules: [{ deny: condition }, { allow: { header: ":method", present: true } }],
});
const at = (path: string) => ({ request: { path } });
const named = (value: string) => ({ headers: [["x-a", value]] as const });

const suffix = allow({ header: "x-a", suffix: ".team" });
const contains = allow({ header: "x-a", contains: "ops" });
const regex = allow({ header: "x-a", regex: "u-[0-9]{3}" });
const range = allow({ header: "x-a", range: { from: 1, to: 10 } });
const element = allow({ header: "x-a", element: "admin" });
const oneOf = allow({ header: "x-a", one_of: ["dev", "ops"] });
const anyCase = allow({ header: "x-a", exact: "Ops", ignore_case: true });
const query = allow({ query: "key", exact: "k y" });
const host = allow({ host: { exact: "api.example" } });
const reads = allow({ method: { one_of: ["GET", "PUT"] } });
/** Where the test comes from: this machine's loopback, or the bridge of a container engine. */
const ours = ["127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const near = allow({ client_address: ours });
const inside = allow({ client_address: ["10.0.0.0/8"] }, { trusted_hops: 1 });
const outside = deny({ client_address: ["10.0.0.0/8"] }, { trusted_hops: 1 });
const admins = deny({ path: { prefix: "/admin" } });
const anyCaseAdmins = deny({ path: { prefix: "/admin" } }, { case_sensitive: false });
const slashes = deny({ path: { prefix: "/admin/x" } }, { encoded_slashes: "decode" });
const kept = allow({ path: { exact: "/a%2Fb" } }, { encoded_slashes: "keep" });
const parameters = deny({ path: { exact: "/admin" } }, { path_parameters: "remove" });
const both = allow({ all: [{ header: "x-a", exact: "1" }, { path: { prefix: "/p" } }] });
const either = allow({ any: [{ header: "x-a", exact: "1" }, { path: { prefix: "/p" } }] });
const notP = allow({ not: { path: { prefix: "/p" } } });

/** What rules can speak of, once as it holds and once as it does not. */
// A table: one line a scenario.
// prettier-ignore
export const conditions: Readonly<Record<string, readonly Scenario[]>> = {
  "conditions on a header": [
    { title: "a value with the suffix is allowed", configuration: suffix, ...named("pay.team"), verdict: "allowed" },
    { title: "a value without the suffix is refused", configuration: suffix, ...named("pay.teams"), verdict: "no_rule_matched" },
    { title: "a value that holds the text is allowed", configuration: contains, ...named("devops1"), verdict: "allowed" },
    { title: "a value that does not is refused", configuration: contains, ...named("devo"), verdict: "no_rule_matched" },
    { title: "a value that matches the expression is allowed", configuration: regex, ...named("u-123"), verdict: "allowed" },
    { title: "a value of which a part matches is refused", configuration: regex, ...named("u-1234"), verdict: "no_rule_matched" },
    { title: "a number in the range is allowed", configuration: range, ...named("9"), verdict: "allowed" },
    { title: "the number behind the range is refused", configuration: range, ...named("10"), verdict: "no_rule_matched" },
    { title: "an element of the list is allowed", configuration: element, ...named("user, admin"), verdict: "allowed" },
    { title: "a list without the element is refused", configuration: element, ...named("user, administrator"), verdict: "no_rule_matched" },
    { title: "one of the values is allowed", configuration: oneOf, ...named("ops"), verdict: "allowed" },
    { title: "another value than those is refused", configuration: oneOf, ...named("op"), verdict: "no_rule_matched" },
    { title: "the value in another case is allowed where case does not count", configuration: anyCase, ...named("oPS"), verdict: "allowed" },
  ],
  "query, host and method": [
    { title: "a query parameter is compared decoded", configuration: query, ...at("/?a=b&key=k%20y"), verdict: "allowed" },
    { title: "another value of the parameter is refused", configuration: query, ...at("/?key=ky"), verdict: "no_rule_matched" },
    { title: "no such parameter is a missing one", configuration: query, ...at("/"), verdict: "missing_header" },
    { title: "a parameter twice is refused", configuration: query, ...at("/?key=k+y&key=k+y"), verdict: "repeated_header" },
    { title: "a host in another case, with a port and a dot, is the host", configuration: host, request: { authority: "API.example.:8443" }, verdict: "allowed" },
    { title: "a host below it is another", configuration: host, request: { authority: "api.example.evil" }, verdict: "no_rule_matched" },
    { title: "one of the methods is allowed", configuration: reads, request: { method: "PUT" }, verdict: "allowed" },
    { title: "another method is refused", configuration: reads, request: { method: "DELETE" }, verdict: "no_rule_matched" },
  ],
  "the client's address": [
    { title: "a client from the range is allowed", configuration: near, verdict: "allowed" },
    { title: "a client that a trusted proxy names is allowed", configuration: inside, headers: [["x-forwarded-for", "9.9.9.9, 10.1.2.3"]], verdict: "allowed" },
    { title: "what stands left of it is anybody's word", configuration: inside, headers: [["x-forwarded-for", "10.1.2.3, 9.9.9.9"]], verdict: "no_rule_matched" },
    { title: "a client that nobody names may not pass", configuration: inside, verdict: "no_rule_matched" },
    { title: "and is denied where others are", configuration: outside, verdict: "denied_by_rule" },
  ],
  paths: [
    { title: "a path outside of the prefix passes", configuration: admins, ...at("/public/admin"), verdict: "allowed" },
    { title: "a path in another case is another one", configuration: admins, ...at("/ADMIN"), verdict: "allowed" },
    { title: "it is the same one where case does not count", configuration: anyCaseAdmins, ...at("/ADMIN"), verdict: "denied_by_rule" },
    { title: "an encoded slash is one where slashes are decoded", configuration: slashes, ...at("/admin%2fx"), verdict: "denied_by_rule" },
    { title: "it stays where they are kept", configuration: kept, ...at("/a%2fb"), verdict: "allowed" },
    { title: "it is in doubt unless something is said", configuration: { ...kept, encoded_slashes: "refuse" }, ...at("/a%2fb"), verdict: "no_rule_matched" },
    { title: "a parameter of a path is left out where it is removed", configuration: parameters, ...at("/admin;v=1"), verdict: "denied_by_rule" },
    { title: "it is in doubt unless something is said, and denied", configuration: admins, ...at("/public;v=1"), verdict: "denied_by_rule" },
  ],
  "all, any and not": [
    { title: "all conditions hold", configuration: both, ...named("1"), ...at("/p"), verdict: "allowed" },
    { title: "one of all does not", configuration: both, ...named("1"), ...at("/q"), verdict: "no_rule_matched" },
    { title: "any condition holds", configuration: either, ...named("2"), ...at("/p"), verdict: "allowed" },
    { title: "none of any does", configuration: either, ...named("2"), ...at("/q"), verdict: "no_rule_matched" },
    { title: "the opposite of a condition holds", configuration: notP, ...at("/q"), verdict: "allowed" },
    { title: "the opposite of a condition does not", configuration: notP, ...at("/p"), verdict: "no_rule_matched" },
  ],
};
