/** A condition, a request, and what the condition says of it. */
export interface Case {
  readonly about: string;
  readonly when: object;
  readonly facts?: object;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly is: "yes" | "no" | "doubt";
  /** Whether the facts say that a value was read that occurs more than once. */
  readonly repeated?: boolean;
}

type Row = Omit<Case, "about">;
const about = (what: string, rows: readonly Row[]): Case[] => rows.map((row) => ({ about: what, ...row }));

const a1 = [["x-a", "1"]] as const;
const a12 = [["x-a", "1"], ["x-a", "2"]] as const; // prettier-ignore
const a11 = [["x-a", "1"], ["x-a", "1"]] as const; // prettier-ignore
const named = (value: string) => [["x-a", value]] as const;
const isOne = { header: "x-a", exact: "1" };
const isNotOne = { ...isOne, invert: true };
const every = { repeated: "every" };
const first = { repeated: "first" };

// Tables: one line a case.
// prettier-ignore
export const cases: readonly Case[] = [
  ...about("a header", [
    { when: isOne, headers: a1, is: "yes" },
    { when: isOne, headers: named("2"), is: "no" },
    { when: isOne, is: "no" },
    { when: isNotOne, headers: a1, is: "no" },
    { when: isNotOne, headers: named("2"), is: "yes" },
    { when: isNotOne, is: "doubt" },
    { when: { not: isOne }, is: "doubt" },
    { when: { not: isNotOne }, is: "no" },
    { when: { not: { not: isOne } }, headers: a1, is: "yes" },
    { when: { header: "x-a", exact: "" }, headers: named(""), is: "yes" },
    { when: { header: "X-A", exact: "1" }, headers: a1, is: "yes" },
    { when: { header: "x-a", exact: "aB" }, headers: named("Ab"), is: "no" },
    { when: { header: "x-a", exact: "aB", ignore_case: true }, headers: named("Ab"), is: "yes" },
    { when: { header: "x-a", prefix: "ab" }, headers: named("abc"), is: "yes" },
    { when: { header: "x-a", prefix: "ab" }, headers: named("a"), is: "no" },
    { when: { header: "x-a", prefix: "aB", ignore_case: true }, headers: named("ABC"), is: "yes" },
    { when: { header: "x-a", suffix: "bc" }, headers: named("abc"), is: "yes" },
    { when: { header: "x-a", suffix: "bc" }, headers: named("c"), is: "no" },
    { when: { header: "x-a", suffix: "bC", ignore_case: true }, headers: named("aBc"), is: "yes" },
    { when: { header: "x-a", contains: "b" }, headers: named("abc"), is: "yes" },
    { when: { header: "x-a", contains: "bd" }, headers: named("abc"), is: "no" },
    { when: { header: "x-a", contains: "BC", ignore_case: true }, headers: named("abcd"), is: "yes" },
    { when: { header: "x-a", contains: "BD", ignore_case: true }, headers: named("abcd"), is: "no" },
    { when: { header: "x-a", regex: "a+b" }, headers: named("aab"), is: "yes" },
    { when: { header: "x-a", regex: "a+b" }, headers: named("aabc"), is: "no" },
    { when: { header: "x-a", regex: "a+b", ignore_case: true }, headers: named("AAB"), is: "yes" },
    { when: { header: "x-a", present: true }, headers: named(""), is: "yes" },
    { when: { header: "x-a", present: true }, is: "no" },
    { when: { header: "x-a", present: true, invert: true }, is: "yes" },
    { when: { not: { header: "x-a", present: true } }, is: "yes" },
    { when: { header: "x-a", present: true, invert: true }, headers: a1, is: "no" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("1"), is: "yes" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("9"), is: "yes" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("10"), is: "no" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("0"), is: "no" },
    { when: { header: "x-a", range: { from: -5, to: 0 } }, headers: named("-5"), is: "yes" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("00000000000000000000005"), is: "yes" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("18446744073709551621"), is: "no" },
    { when: { header: "x-a", range: { from: 1, to: 10 } }, headers: named("5.0"), is: "no" },
    { when: { header: "x-a", range: { from: 0, to: 10 } }, headers: named(""), is: "no" },
    { when: { header: "x-a", range: { from: 0, to: 10 } }, headers: named("-"), is: "no" },
    { when: { header: "x-a", range: { from: 1, to: 10 }, invert: true }, headers: named("11"), is: "yes" },
    { when: { header: "x-a", one_of: ["1", "2"] }, headers: named("2"), is: "yes" },
    { when: { header: "x-a", one_of: ["1", "2"] }, headers: named("1,2"), is: "no" },
    { when: { header: "x-a", one_of: ["a"], ignore_case: true }, headers: named("A"), is: "yes" },
    { when: { header: "x-a", element: "b" }, headers: named("a, b\t,c"), is: "yes" },
    { when: { header: "x-a", element: "b" }, headers: named("b"), is: "yes" },
    { when: { header: "x-a", element: "b" }, headers: named("a,bb,c b"), is: "no" },
    { when: { header: "x-a", element: "b" }, headers: named(",,"), is: "no" },
    { when: { header: "x-a", element: "B", ignore_case: true }, headers: named("a,b"), is: "yes" },
    { when: { header: ":method", exact: "GET" }, is: "yes" },
  ]),
  ...about("a repeated header", [
    { when: isOne, headers: a12, is: "doubt", repeated: true },
    { when: isOne, headers: a11, is: "doubt", repeated: true },
    { when: isNotOne, headers: a12, is: "doubt", repeated: true },
    { when: { header: "x-a", present: true }, headers: a12, is: "doubt", repeated: true },
    { when: { header: "x-b", present: true }, headers: a12, is: "no" },
    { when: { all: [{ method: { exact: "PUT" } }, isOne] }, headers: a12, is: "no" },
    { when: isOne, facts: first, headers: a12, is: "yes" },
    { when: { header: "x-a", exact: "2" }, facts: first, headers: a12, is: "no" },
    { when: isOne, facts: every, headers: a12, is: "doubt" },
    { when: isOne, facts: every, headers: a11, is: "yes" },
    { when: isNotOne, facts: every, headers: a11, is: "no" },
    { when: { header: "x-a", exact: "3" }, facts: every, headers: a12, is: "no" },
    { when: { header: "x-a", exact: "3", invert: true }, facts: every, headers: a12, is: "yes" },
  ]),
  ...about("a query parameter", [
    { when: { query: "a", exact: "1" }, path: "/?a=1", is: "yes" },
    { when: { query: "a", exact: "1" }, path: "/?b=1&a=1&c", is: "yes" },
    { when: { query: "a", exact: "1" }, path: "/?aa=1&A=1", is: "no" },
    { when: { query: "a", exact: "1" }, path: "/", is: "no" },
    { when: { query: "a", exact: "1", invert: true }, path: "/", is: "doubt" },
    { when: { query: "a", exact: "x y" }, path: "/?a=x+y", is: "yes" },
    { when: { query: "a", exact: "x y&=" }, path: "/?a=x%20y%26%3D", is: "yes" },
    { when: { query: "a", exact: "%31" }, path: "/?a=%2531", is: "yes" },
    { when: { query: "a b", exact: "1" }, path: "/?%61+b=1", is: "yes" },
    { when: { query: "a", exact: "" }, path: "/?a", is: "yes" },
    { when: { query: "a", exact: "" }, path: "/?a=", is: "yes" },
    { when: { query: "a", exact: "b=c" }, path: "/?a=b=c", is: "yes" },
    { when: { query: "a", present: true }, path: "/?b&a", is: "yes" },
    { when: { query: "a", exact: "1" }, path: "/?a=%zz", is: "doubt" },
    { when: { query: "a", exact: "1", invert: true }, path: "/?a=%3", is: "doubt" },
    { when: { query: "a", exact: "1" }, path: "/?a%zz=1&a=1", is: "yes" },
    { when: { query: "a", exact: "1" }, path: "/?a%6=1", is: "no" },
    { when: { query: "a", exact: "1" }, path: "/?a=1&%61=2", is: "doubt", repeated: true },
    { when: { query: "a", exact: "1" }, facts: first, path: "/?a=1&a=2", is: "yes" },
    { when: { query: "a", exact: "1" }, facts: every, path: "/?a=1&a=2", is: "doubt" },
    { when: { query: "a", exact: "1" }, facts: every, path: "/?a=1&a=1", is: "yes" },
    { when: { query: "a", exact: "1" }, path: "/x/..%2f?a=1", is: "yes" },
  ]),
  ...about("the path", [
    { when: { path: { exact: "/admin" } }, path: "/admin?x=/", is: "yes" },
    { when: { path: { exact: "/admin" } }, path: "//admin", is: "yes" },
    { when: { path: { exact: "/admin" } }, path: "/x/%2e%2e/%61dmin", is: "yes" },
    { when: { path: { exact: "/admin" } }, path: "/ADMIN", is: "no" },
    { when: { path: { exact: "/admin" } }, facts: { case_sensitive: false }, path: "/ADMIN", is: "yes" },
    { when: { path: { exact: "/Admin" } }, facts: { case_sensitive: false }, path: "/aDMIN", is: "yes" },
    { when: { path: { regex: "/A.*" } }, facts: { case_sensitive: false }, path: "/aDMIN", is: "yes" },
    { when: { path: { regex: "/[^a].*" } }, facts: { case_sensitive: false }, path: "/Admin", is: "no" },
    { when: { path: { one_of: ["/A", "/B"] } }, facts: { case_sensitive: false }, path: "/b", is: "yes" },
    { when: { path: { exact: "/Admin", ignore_case: true } }, path: "/ADMIN", is: "yes" },
    { when: { path: { prefix: "/admin/" } }, path: "/admin/x", is: "yes" },
    { when: { path: { regex: "/v\\d+/users/[^/]+" } }, path: "/v1/users/x?y", is: "yes" },
    { when: { path: { regex: "/admin/.*" } }, path: "/admin/a%0ab", is: "yes" },
    { when: { path: { exact: "/admin" } }, path: "/x/..%2fadmin", is: "doubt" },
    { when: { path: { exact: "/admin", invert: true } }, path: "/x/..%2fadmin", is: "doubt" },
    { when: { not: { path: { exact: "/admin" } } }, path: "/%zz", is: "doubt" },
    { when: { path: { exact: "/admin" } }, facts: { encoded_slashes: "decode" }, path: "/x/..%2fadmin", is: "yes" },
    { when: { path: { contains: "%2F" } }, facts: { encoded_slashes: "keep" }, path: "/x/..%2fadmin", is: "yes" },
    { when: { path: { exact: "/admin" } }, path: "/admin;x", is: "doubt" },
    { when: { path: { exact: "/admin" } }, facts: { path_parameters: "remove" }, path: "/admin;x", is: "yes" },
    { when: { path: { exact: "/admin" } }, facts: { path_parameters: "keep" }, path: "/admin;x", is: "no" },
    { when: { path: { prefix: "/admin", invert: true } }, path: "/public", is: "yes" },
  ]),
  ...about("the host", [
    { when: { host: { exact: "example.com" } }, host: "EXAMPLE.com:8080", is: "yes" },
    { when: { host: { exact: "Example.com" } }, host: "example.com.", is: "yes" },
    { when: { host: { suffix: ".Example.com" } }, host: "a.example.com", is: "yes" },
    { when: { host: { one_of: ["a.org", "B.org"] } }, host: "b.ORG", is: "yes" },
    { when: { host: { regex: "[A-Z]+\\.org" } }, host: "b.org", is: "yes" },
    { when: { host: { exact: "example.com" } }, host: "example.org", is: "no" },
    { when: { host: { exact: "example.com", invert: true } }, host: "example.org", is: "yes" },
    { when: { host: { exact: "example.com", invert: true } }, host: "a..b", is: "doubt" },
    { when: { host: { exact: "[::1]" } }, host: "[::1]:80", is: "yes" },
  ]),
  ...about("the method", [
    { when: { method: { exact: "GET" } }, is: "yes" },
    { when: { method: { one_of: ["GET", "HEAD"] } }, method: "POST", is: "no" },
    { when: { method: { one_of: ["GET", "HEAD"], invert: true } }, method: "POST", is: "yes" },
  ]),
  ...about("the peer", [
    { when: { peer: { exact: "spiffe://a/b" } }, is: "no" },
    { when: { peer: { exact: "spiffe://a/b", invert: true } }, is: "doubt" },
    { when: { peer: { present: true, invert: true } }, is: "yes" },
  ]),
  ...about("the client's address", [
    { when: { client_address: ["127.0.0.0/8", "::1"] }, is: "yes" },
    { when: { client_address: ["10.0.0.0/8"] }, is: "no" },
    { when: { not: { client_address: ["10.0.0.0/8"] } }, is: "yes" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 1 }, is: "doubt" },
    { when: { not: { client_address: ["10.0.0.0/8"] } }, facts: { trusted_hops: 1 }, is: "doubt" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 1 }, headers: [["x-forwarded-for", "10.1.1.1"]], is: "yes" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 2 }, headers: [["x-forwarded-for", "10.1.1.1, 11.1.1.1"]], is: "yes" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 2 }, headers: [["x-forwarded-for", "10.1.1.1"]], is: "doubt" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 1 }, headers: [["x-forwarded-for", "10.1.1.1, x"]], is: "doubt" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 2 }, headers: [["x-forwarded-for", "10.1.1.1, x"]], is: "doubt" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 1 }, headers: [["x-forwarded-for", "x, 10.1.1.1"]], is: "yes" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 3 }, headers: [["x-forwarded-for", "10.1.1.1"], ["x-forwarded-for", "11.1.1.1,12.1.1.1"]], is: "yes" },
    { when: { client_address: ["10.0.0.0/8"] }, facts: { trusted_hops: 1 }, headers: [["x-forwarded-for", "10.1.1.1,"]], is: "doubt" },
  ]),
  ...about("several conditions", [
    { when: { all: [isOne, { method: { exact: "GET" } }] }, headers: a1, is: "yes" },
    { when: { all: [isOne, { method: { exact: "PUT" } }] }, headers: a1, is: "no" },
    { when: { all: [isNotOne, { method: { exact: "GET" } }] }, is: "doubt" },
    { when: { all: [isNotOne, { method: { exact: "PUT" } }] }, is: "no" },
    { when: { any: [isOne, { method: { exact: "PUT" } }] }, headers: a1, is: "yes" },
    { when: { any: [isNotOne, { method: { exact: "PUT" } }] }, is: "doubt" },
    { when: { any: [isNotOne, { method: { exact: "GET" } }] }, is: "yes" },
    { when: { not: { all: [isOne, { method: { exact: "PUT" } }] } }, headers: a1, is: "yes" },
    { when: { not: { any: [isOne, { method: { exact: "PUT" } }] } }, headers: a1, is: "no" },
    { when: { not: { any: [isOne, { method: { exact: "PUT" } }] } }, is: "doubt" },
    { when: { not: { all: [isOne, { not: { method: { exact: "GET" } } }] } }, is: "yes" },
    { when: { any: [{ all: [isOne, { query: "a", present: true }] }, { not: { path: { prefix: "/p" } } }] }, path: "/p?a", headers: a1, is: "yes" },
  ]),
];
