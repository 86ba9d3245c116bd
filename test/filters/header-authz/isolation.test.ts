import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { apiKey } from "./people.ts";
import type { HeaderAuthz } from "./scenarios.ts";

const keyed = (header: string, key: string): HeaderAuthz => ({
  api_keys: { header, keys: [apiKey(header, key)] },
  rules: [{ allow: { authenticated: "api_key" } }],
  set_headers: [{ header: `${header}-name`, name_of: "api_key" }],
});

const test = chainTest([
  { filter: "header-authz", configuration: keyed("x-first", "one") },
  { filter: "header-authz", configuration: keyed("x-second", "two") },
]);

// A table: one line a request.
// prettier-ignore
const rows: Array<[what: string, headers: Record<string, string>, status: number]> = [
  ["the key of each passes", { "x-first": "one", "x-second": "two" }, 200],
  ["the key of one is not the other's", { "x-first": "two", "x-second": "one" }, 401],
  ["one of both is not enough", { "x-first": "one" }, 401],
  ["the other is not either", { "x-second": "two" }, 401],
];

for (const [what, headers, status] of rows) {
  test(`of two such filters in one VM: ${what}`, async ({ proxy, upstream }) => {
    expect(await proxy.get("/", { headers })).toHaveStatus(status);

    const names = upstream.requests.map((request) =>
      ["x-first", "x-second"].map((name) => request.headers.get(`${name}-name`)),
    );
    expect(names).toEqual(status === 200 ? [["x-first", "x-second"]] : []);
  });
}
