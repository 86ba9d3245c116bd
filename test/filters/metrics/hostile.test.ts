import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest("metrics", {
  labels: ["method", "path"],
  request_headers: [{ header: "x-tenant", label: "tenant", values: ["acme"] }],
  paths: ["/users/{id}"],
});

const bytes = (...codes: number[]): Uint8Array => Uint8Array.from(codes);
const other = "{method=GET}{path=_OTHER}";
const user = "{method=GET}{path=/users/:id}";

type Headers = ReadonlyArray<readonly [string, string | Uint8Array]>;

// A table: one line a case. Whatever a client sends, it chooses among the labels that are configured.
// prettier-ignore
const requests: Array<[what: string, path: string, headers: Headers, series: string]> = [
  ["a forged original path", "/admin", [["x-envoy-original-path", "/users/7"]], `${other}{tenant=}`],
  ["a forged method", "/users/7", [["x-http-method-override", "DELETE"]], `${user}{tenant=}`],
  ["two values, the allowed one last", "/users/7", [["x-tenant", "evil"], ["x-tenant", "acme"]], `${user}{tenant=_OTHER}`],
  ["two values, the allowed one first", "/users/7", [["x-tenant", "acme"], ["x-tenant", "evil"]], `${user}{tenant=acme}`],
  ["both values in one", "/users/7", [["x-tenant", "acme,evil"]], `${user}{tenant=_OTHER}`],
  ["another case", "/users/7", [["x-tenant", "ACME"]], `${user}{tenant=_OTHER}`],
  ["a stray byte behind the value", "/users/7", [["x-tenant", bytes(0x61, 0x63, 0x6d, 0x65, 0xff)]], `${user}{tenant=_OTHER}`],
  ["an overlong letter", "/users/7", [["x-tenant", bytes(0xc1, 0xa1, 0x63, 0x6d, 0x65)]], `${user}{tenant=_OTHER}`],
  ["a value as long as Envoy lets it be", "/users/7", [["x-tenant", "a".repeat(50_000)]], `${user}{tenant=_OTHER}`],
  ["as many headers as Envoy lets through", "/users/7", Array.from({ length: 85 }, (_, i) => [`x-${i}`, "v"] as const), `${user}{tenant=}`],
  ["a path of dots", "/users/../users/7", [], `${other}{tenant=}`],
  ["a path of two slashes", "//users/7", [], `${other}{tenant=}`],
  ["an encoded path", "/users%2f7", [], `${other}{tenant=}`],
  ["an encoded brace", "/users/%7D%7Bmethod=POST%7D", [], `${user}{tenant=}`],
  ["a path of 8,000 segments", `/${"a/".repeat(8000)}`, [], `${other}{tenant=}`],
  ["a path of 50,000 bytes", `/users/${"7".repeat(50_000)}`, [], `${user}{tenant=}`],
  ["a forged client address", "/users/7", [["x-forwarded-for", "10.0.0.1, 127.0.0.1"]], `${user}{tenant=}`],
];

test.for(requests)("%s", async ([, path, headers, series], { proxy }) => {
  expect(await proxy.get(path, { headers })).toHaveStatus(200);
  await proxy.settled();

  const counted = proxy.stats.names().filter((name) => name.startsWith("metrics.requests_total"));
  expect(counted).toEqual([`metrics.requests_total${series}`]);
  expect(proxy.logs.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
});
