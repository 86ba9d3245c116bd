import type { RequestInput } from "proxy-wasm-harness";
import { any } from "proxy-wasm-harness";
import { ApiKeyAuthSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/api_key_auth/v3/api_key_auth";
import { RBACSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/rbac/v3/rbac";
import { RBAC_Action } from "proxy-wasm-harness/api/envoy/config/rbac/v3/rbac";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { ciKey, known, opsKey } from "./people.ts";
import type { HeaderAuthz } from "./scenarios.ts";

const everybody = { allow: { header: ":method", present: true } } as const;
const anyone = [{ identifier: { case: "any", value: true } }] as const;

const ours = {
  path: { rules: [{ deny: { path: { prefix: "/admin" } } }, everybody] },
  header: { rules: [{ deny: { header: "x-role", exact: "admin" } }, everybody] },
  key: { ...known, rules: [{ allow: { authenticated: "api_key" } }] },
} satisfies Record<string, HeaderAuthz>;

const pathRule = {
  case: "urlPath",
  value: { rule: { case: "path", value: { matchPattern: { case: "prefix", value: "/admin" } } } },
} as const;
const headerRule = {
  case: "header",
  value: {
    name: "x-role",
    headerMatchSpecifier: { case: "stringMatch", value: { matchPattern: { case: "exact", value: "admin" } } },
  },
} as const;
const denying = (rule: typeof pathRule | typeof headerRule) =>
  any(RBACSchema, {
    rules: {
      action: RBAC_Action.DENY,
      policies: { p: { permissions: [{ rule }], principals: [...anyone] } },
    },
  });
const natives = {
  path: denying(pathRule),
  header: denying(headerRule),
  key: any(ApiKeyAuthSchema, {
    credentials: [
      { key: ciKey, client: "ci" },
      { key: opsKey, client: "ops" },
    ],
    keySources: [{ header: "x-api-key" }],
  }),
};

type Subject = keyof typeof ours;
const subjects = Object.keys(ours) as Subject[];

// The RBAC filter of older Envoys looks at the first of two lines only (CVE-2026-26308).
const test = scenarioTest(
  ({ upstream }) => ({
    listeners: subjects.flatMap((name) => {
      const routes = [route("/", "service")];
      return [
        listener(`ours-${name}`, { httpFilters: [wasm("header-authz", ours[name])], routes }),
        listener(`native-${name}`, { httpFilters: [natives[name]], routes }),
      ];
    }),
    clusters: [cluster("service", upstream)],
  }),
  { needs: ["envoy>=1.38"] },
);

const at = (path: string): RequestInput => ({ path });
const fields = (...headers: Array<readonly [string, string]>): RequestInput => ({ path: "/", headers });

/** A request, what both say of it, or what each says where the filter is stricter. */
type Row = [what: string, subject: Subject, request: RequestInput, native: number, ours: number];

// A table: one line a request.
// prettier-ignore
const rows: Row[] = [
  ["a path that is denied", "path", at("/admin/x"), 403, 403],
  ["another path", "path", at("/public"), 200, 200],
  ["a query that looks like it", "path", at("/?/admin"), 200, 200],
  ["an empty segment", "path", at("//admin"), 200, 403],
  ["a dot segment", "path", at("/./admin"), 200, 403],
  ["a way up", "path", at("/x/../admin"), 200, 403],
  ["an encoded letter", "path", at("/%61dmin"), 200, 403],
  ["an encoded slash", "path", at("/x/..%2fadmin"), 200, 403],
  ["a backslash", "path", at("/a\\..\\admin"), 200, 403],
  ["another case", "path", at("/ADMIN"), 200, 200],

  ["a value that is denied", "header", fields(["x-role", "admin"]), 403, 403],
  ["another value", "header", fields(["x-role", "user"]), 200, 200],
  ["another case of it", "header", fields(["x-role", "Admin"]), 200, 200],
  ["none at all", "header", fields(), 200, 200],
  ["both in two lines", "header", fields(["x-role", "user"], ["x-role", "admin"]), 403, 403],
  ["both in one line", "header", fields(["x-role", "user,admin"]), 200, 200],
  ["two that are not denied", "header", fields(["x-role", "user"], ["x-role", "user"]), 200, 403],

  ["a known key", "key", fields(["x-api-key", ciKey]), 200, 200],
  ["another known key", "key", fields(["x-api-key", opsKey]), 200, 200],
  ["no key", "key", fields(), 401, 401],
  ["an empty key", "key", fields(["x-api-key", ""]), 401, 401],
  ["an unknown key", "key", fields(["x-api-key", `${ciKey}x`]), 401, 401],
  ["two keys", "key", fields(["x-api-key", ciKey], ["x-api-key", opsKey]), 200, 401],
];

for (const [what, subject, request, native, own] of rows) {
  const judged = native === own ? "judged alike" : "refused here, and not by Envoy's own filter";
  test(`${subject}: ${what} is ${judged}`, async ({ mesh }) => {
    const statuses = [];
    for (const side of ["native", "ours"])
      statuses.push((await mesh.request(`${side}-${subject}`, { method: "GET", ...request })).status);

    expect(statuses).toEqual([native, own]);
  });
}
