import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { jwks, tokenOf } from "../../abi/tokens.ts";
import { basic, known, opsKey } from "./people.ts";
import type { HeaderAuthz } from "./scenarios.ts";

const everybody = { allow: { header: ":method", present: true } } as const;
const configuration: HeaderAuthz = {
  ...known,
  jwt: { local_jwks: jwks },
  rules: [{ deny: { header: "x-denied", present: true } }, everybody],
  set_headers: [
    { header: "x-user", claim: "sub" },
    { header: "x-user", name_of: "basic" },
    { header: "x-user", name_of: "api_key" },
    { header: "x-roles", roles_of: "api_key" },
    { header: "x-groups", claim: "groups" },
    { header: "x-level", claim: "level" },
    { header: "x-peer", peer: true },
    { header: "x-checked", value: "yes" },
  ],
};
const test = filterTest("header-authz", configuration);
const token = (claims: object): [string, string] => ["authorization", `Bearer ${tokenOf({ claims })}`];
const key: [string, string] = ["x-api-key", opsKey];

type Row = [what: string, headers: Array<[string, string]>, expected: Record<string, string[]>];

// A table: one line a request.
// prettier-ignore
const rows: Row[] = [
  ["a text is always there", [], { "x-checked": ["yes"], "x-user": [] }],
  ["what a client says of itself is gone", [["x-user", "root"], ["x-checked", "no"], ["x-peer", "spiffe://a/b"]], { "x-checked": ["yes"], "x-user": [], "x-peer": [] }],
  ["in whatever case, however often", [["X-User", "root"], ["x-uSER", "root"]], { "x-user": [] }],
  ["with _ in the place of - too", [["x_user", "root"], ["X_User", "root"]], { x_user: [], "x-user": [] }],
  ["a name that only begins alike stays", [["x-user-agent", "a"], ["x-use", "b"]], { "x-user-agent": ["a"], "x-use": ["b"] }],
  ["a client cannot have it removed", [["connection", "x-user, x-checked"], key], { "x-checked": ["yes"], "x-user": ["ops"] }],
  ["a token's claim comes before a user's name", [token({}), ["x-user", "root"]], { "x-user": ["me"] }],
  ["a user's name counts where there is no token", [["authorization", basic("ada", "opensesame")]], { "x-user": ["ada"] }],
  ["a key's name counts where there is neither", [key], { "x-user": ["ops"], "x-roles": ["deploy,read"] }],
  ["a wrong credential says nothing", [["authorization", basic("ada", "wrong")], ["x-api-key", "x"]], { "x-user": [], "x-roles": [] }],
  ["texts of an array have commas between them", [token({ groups: ["a", "b"] })], { "x-groups": ["a,b"] }],
  ["words of a text stay as they are", [token({ groups: "a b" })], { "x-groups": ["a b"] }],
  ["a number is as the token spells it", [token({ level: 7 })], { "x-level": ["7"] }],
  ["an object says nothing", [token({ level: { a: 1 } })], { "x-level": [] }],
  ["bytes of UTF-8 pass", [token({ sub: "ä" })], { "x-user": ["ä"] }],
];

for (const [what, headers, expected] of rows) {
  test(`for the upstream: ${what}`, async ({ proxy, upstream }) => {
    expect(await proxy.get("/", { headers })).toHaveStatus(200);

    const received = upstream.requests[0]?.headers;
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, received?.all(name)]));
    expect(found).toEqual(expected);
  });
}

describe("a value that is not safe refuses the request", () => {
  // prettier-ignore
  const unsafe: Array<[what: string, claims: object]> = [
    ["a line break", { sub: "a\r\nx-admin: yes" }],
    ["a NUL", { sub: "a\0" }],
    ["another control character", { sub: "a\u0001" }],
    ["a comma within an element", { groups: ["a,root", "b"] }],
    ["an empty element", { groups: ["", "b"] }],
    ["a blank at its end", { sub: "me " }],
    ["more than 4096 bytes", { sub: "x".repeat(4097) }],
  ];

  for (const [what, claims] of unsafe) {
    test(what, async ({ proxy, upstream }) => {
      const response = await proxy.get("/", { headers: [token(claims)] });
      await proxy.settled();

      expect(response).toHaveStatus(403);
      expect(upstream.requests).toEqual([]);
      expect(proxy.accessLog.map(({ details }) => details)).toEqual(["header_authz_unsafe_header_value"]);
    });
  }
});

test("a client's trailers of such a name are gone too", async ({ proxy, upstream }) => {
  await proxy.post("/", ["a"], { trailers: { "x-user": "root", x_user: "root", "x-sum": "1" } });

  const trailers = upstream.requests[0]?.trailers;
  expect([trailers?.get("x-user"), trailers?.get("x_user"), trailers?.get("x-sum")]).toEqual([
    null,
    null,
    "1",
  ]);
});

const shadow = filterTest("header-authz", { ...configuration, shadow: true });

shadow("in shadow mode what a client says of itself is gone as well", async ({ proxy, upstream }) => {
  await proxy.get("/", { headers: { "x-denied": "1", "x-user": "root" } });

  expect(upstream.requests[0]?.headers.get("x-user")).toBe(null);
  expect(upstream.requests[0]?.headers.get("x-checked")).toBe("yes");
});
