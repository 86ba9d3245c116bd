import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { type RawRequest, statusOf } from "../raw-requests.ts";
import type { HeaderAuthz } from "./scenarios.ts";

const onlyAdmins: HeaderAuthz = { rules: [{ allow: { header: "x-role", exact: "admin" } }] };
const noAdmins: HeaderAuthz = {
  rules: [
    { deny: { header: "x-role", exact: "admin" } },
    { deny: { path: { prefix: "/admin" } } },
    { allow: { header: ":method", present: true } },
  ],
};

/** Who has decided about a request: the filter, by this role, or Envoy, whose codec refuses some before any filter sees them. */
type Judged = { readonly by: readonly string[] } | "Envoy";
type Row = [what: string, request: RawRequest, onlyAdmins: number, noAdmins: number, judged: Judged];

const role = (fields: string): RawRequest => ({ fields });
const many = (count: number, length: number): string =>
  Array.from({ length: count }, (_, i) => `x-${i}: ${"x".repeat(length)}\r\n`).join("");
const twoLengths = "content-length: 4\r\ntransfer-encoding: chunked\r\n";
const long = "admin".repeat(10_000);
const admin = { by: ["admin"] };
const user = { by: ["user"] };
const nobody = { by: [] };

// A table: one line a request. What passes has for the upstream the very role that it was judged by.
// prettier-ignore
const rows: Row[] = [
  ["the role", role("x-role: admin\r\n"), 200, 403, admin],
  ["another one", role("x-role: user\r\n"), 403, 200, user],
  ["a value folded behind a blank", role("x-role: user\r\n admin\r\n"), 403, 200, { by: ["user admin"] }],
  ["a value folded behind a tab", role("x-role: ad\r\n\tmin\r\n"), 403, 200, { by: ["ad\tmin"] }],
  ["a value that is all on a folded line", role("x-role:\r\n admin\r\n"), 200, 403, admin],
  ["a header folded into another", role("a: b\r\n x-role: admin\r\n"), 401, 200, nobody],
  ["a bare CR behind the value", role("x-role: admin\r\r\n"), 200, 403, admin],
  ["a bare CR within the value", role("x-role: ad\rmin\r\n"), 200, 403, admin],
  ["a bare CR before more", role("x-role: admin\rx\r\n"), 403, 200, { by: ["adminx"] }],
  ["a bare CR between two headers", role("x-role: user\rx-role: admin\r\n"), 403, 200, { by: ["userx-role: admin"] }],
  ["a bare CR in the name", role("x-ro\rle: admin\r\n"), 400, 400, "Envoy"],
  ["a bare LF behind the value", role("x-role: admin\n"), 200, 403, admin],
  ["a bare LF between two values", role("x-role: user\nx-role: admin\r\n"), 403, 403, nobody],
  ["NUL behind the value", role("x-role: admin\0\r\n"), 400, 400, "Envoy"],
  ["NUL within the value", role("x-role: user\0admin\r\n"), 400, 400, "Envoy"],
  ["NUL in the name", role("x-role\0: admin\r\n"), 400, 400, "Envoy"],
  ["a control character behind the value", role("x-role: admin\x01\r\n"), 400, 400, "Envoy"],
  ["DEL behind the value", role("x-role: admin\x7f\r\n"), 400, 400, "Envoy"],
  ["a vertical tab before the value", role("x-role: \vadmin\r\n"), 400, 400, "Envoy"],
  ["a no-break space behind the value", role("x-role: admin\xa0\r\n"), 403, 200, { by: ["admin\xa0"] }],
  ["blanks and tabs around the value are none of it", role("x-role: \t admin \t \r\n"), 200, 403, admin],
  ["a blank behind the name", role("x-role : admin\r\n"), 400, 400, "Envoy"],
  ["no colon", role("x-role admin\r\n"), 400, 400, "Envoy"],
  ["no name", role(": admin\r\n"), 400, 400, "Envoy"],
  ["two lines in two cases, the denied value last (CVE-2026-26308)", role("x-role: user\r\nX-ROLE: admin\r\n"), 403, 403, nobody],
  ["two lines in two cases, the denied value first (CVE-2026-26308)", role("X-Role: admin\r\nx-rolE: user\r\n"), 403, 403, nobody],
  ["the denied value twice (CVE-2026-26308)", role("x-role: admin\r\nX-Role: admin\r\n"), 403, 403, nobody],
  ["two hosts, which Envoy joins", role("host: a\r\nHost: b\r\nx-role: admin\r\n"), 200, 403, admin],
  ["a pseudo-header by its name", role(":path: /\r\nx-role: admin\r\n"), 400, 400, "Envoy"],
  ["nearly a hundred headers", role(`${many(90, 1)}x-role: user\r\n`), 403, 200, user],
  ["more headers than Envoy takes", role(`${many(120, 1)}x-role: admin\r\n`), 431, 431, "Envoy"],
  ["more bytes than Envoy takes", role(`${many(80, 1_000)}x-role: admin\r\n`), 431, 431, "Envoy"],
  ["a value of 50,000 bytes", role(`x-role: ${long}\r\n`), 403, 200, { by: [long] }],
  ["a denied path in absolute form", { line: "GET http://a/admin HTTP/1.1", fields: "" }, 401, 403, nobody],
  ["a denied path behind another host", { line: "GET http://b/../admin HTTP/1.1", fields: "" }, 401, 403, nobody],
  ["a denied path with a bare CR", { line: "GET /ad\rmin HTTP/1.1", fields: "" }, 400, 400, "Envoy"],
  ["a denied path with NUL", { line: "GET /\0/../admin HTTP/1.1", fields: "" }, 400, 400, "Envoy"],
  ["a denied path with a fragment", { line: "GET /admin#x HTTP/1.1", fields: "" }, 400, 400, "Envoy"],
  ["a role in trailers", { line: "POST / HTTP/1.1", fields: "transfer-encoding: chunked\r\n", body: "0\r\nx-role: admin\r\n\r\n" }, 401, 200, nobody],
  ["a request in a body of two lengths", { line: "POST / HTTP/1.1", fields: twoLengths, body: "0\r\n\r\nGET /admin HTTP/1.1\r\nx-role: admin\r\n\r\n" }, 400, 400, "Envoy"],
];

const both = { "who may come": onlyAdmins, "who may not": noAdmins };

for (const [i, [about, configuration]] of Object.entries(both).entries()) {
  const test = scenarioTest(({ upstream }) => ({
    listeners: [
      listener("in", { httpFilters: [wasm("header-authz", configuration)], routes: [route("/", "service")] }),
    ],
    clusters: [cluster("service", upstream)],
  }));

  test.for(rows)(`${about}: %s`, async ([, request, ...expected], { mesh, upstream }) => {
    const status = await statusOf(mesh, request);
    await mesh.settled();

    const judged = expected[2];
    const seen = ["allowed", "denied"].map((name) => mesh.stats.get(`header_authz.${name}`) ?? 0);
    expect(status).toBe(expected[i]);
    expect(seen).toEqual(judged === "Envoy" ? [0, 0] : [Number(status === 200), Number(status !== 200)]);
    const roles = upstream.requests.map(({ headers }) =>
      headers.allBytes("x-role").map((value) => Buffer.from(value).toString("latin1")),
    );
    expect(roles).toEqual(status === 200 && judged !== "Envoy" ? [judged.by] : []);
  });
}
