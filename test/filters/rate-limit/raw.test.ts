import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { type RawRequest, statusOf } from "../raw-requests.ts";
import { ruled } from "./scenarios.ts";

const key = (fields: string): RawRequest => ({ fields });
const many = (count: number): string =>
  Array.from({ length: count }, (_, i) => `x-${i}: ${"x".repeat(1_000)}\r\n`).join("");

/** What a client sends whose limit is used up, and that of the requests without a key, too; 400 and 431 are Envoy's own. */
// A table: one line a request.
// prettier-ignore
const attempts: Array<[what: string, request: RawRequest, status: number]> = [
  ["the key", key("x-key: a\r\n"), 429],
  ["no key", key(""), 429],
  ["a folded key", key("x-key:\r\n a\r\n"), 429],
  ["a key folded into another header", key("y: b\r\n x-key: c\r\n"), 429],
  ["a bare CR behind it", key("x-key: a\r\r\n"), 429],
  ["a bare CR in its name", key("x-k\rey: b\r\n"), 400],
  ["a bare LF behind it", key("x-key: a\nx-key: b\r\n"), 429],
  ["NUL behind it", key("x-key: a\0\r\n"), 400],
  ["blanks around it", key("x-key: \t a \t\r\n"), 429],
  ["its name in another case", key("X-KEY: a\r\n"), 429],
  ["two keys in two cases, the used one first", key("x-key: a\r\nX-Key: b\r\n"), 429],
  ["two keys in two cases, the used one last", key("X-KEY: b\r\nx-key: a\r\n"), 429],
  ["a blank behind its name", key("x-key : b\r\n"), 400],
  ["more headers than Envoy takes", key(`${many(120)}x-key: b\r\n`), 431],
  ["a key that is taken out on the way", key("x-key: b\r\nconnection: x-key\r\n"), 429],
  ["a key in trailers", { line: "POST / HTTP/1.1", fields: "transfer-encoding: chunked\r\n", body: "0\r\nx-key: b\r\n\r\n" }, 429],
];

const test = scenarioTest(({ upstream }) => ({
  listeners: [
    listener("in", {
      httpFilters: [wasm("rate-limit", ruled({ key: [{ header: "x-key" }] }))],
      routes: [route("/", "service")],
    }),
  ],
  clusters: [cluster("service", upstream)],
}));

test.for(attempts)("%s has no limit of its own", async ([, request, expected], { mesh, upstream }) => {
  expect(await statusOf(mesh, key("x-key: a\r\n"))).toBe(200);
  expect(await statusOf(mesh, key(""))).toBe(200);

  expect(await statusOf(mesh, request)).toBe(expected);
  await mesh.settled();
  expect(upstream.requests).toHaveLength(2);
});
