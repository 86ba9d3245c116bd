import fc from "fast-check";
import { comparison, hostComparison, ranges, wideAuthz } from "../wide-authz.ts";
import { keySet } from "./keys.ts";

const remote = fc.record(
  {
    cluster: fc.constantFrom("keys", "é"),
    path: fc.constantFrom("/", "/jwks"),
    authority: fc.constant("a"),
    refresh_ms: fc.constantFrom(1, 300_000),
    cool_down_ms: fc.constantFrom(1, 10_000),
    not_ready_status: fc.constantFrom(401, 403, 500, 503),
  },
  { requiredKeys: ["cluster", "path"] },
);
/** Configurations by which a service has the keys. */
export const remoteAuthz = fc
  .tuple(wideAuthz, remote, fc.constantFrom([], ["HS256"], ["HS256", "RS256", "ES256"]))
  .map(([wide, remote_jwks, algorithms]) => {
    return {
      ...wide,
      jwt: {
        ...wide.jwt,
        local_jwks: undefined,
        remote_jwks,
        ...(algorithms.length > 0 ? { algorithms } : {}),
      },
    };
  });

/** All that a request says is looked at, since little of it holds. */
const thorough = fc
  .tuple(
    fc.tuple(
      comparison.map((peer) => ({ peer })),
      ranges.map((client_address) => ({ client_address })),
      hostComparison.map((host) => ({ host })),
      fc.tuple(fc.constantFrom("a", "é"), comparison).map(([query, how]) => ({ query, ...how })),
      fc.constant({ authenticated: "jwt", name: { exact: "admin" } }),
      fc.tuple(fc.constantFrom("sub", "/a/b"), comparison).map(([claim, how]) => ({ claim, ...how })),
    ),
    fc.boolean(),
  )
  .chain(([conditions, isAny]) =>
    fc
      .shuffledSubarray(conditions, { minLength: 3 })
      .map((some) => (isAny ? { any: some } : { not: { all: some.map((not) => ({ not })) } })),
  )
  .map((allow) => [{ allow }]);
const algorithms = fc.constantFrom(["HS256"], ["RS256", "ES256", "HS256"]);
const expected = fc.record(
  {
    issuers: fc.constant(["i"]),
    audiences: fc.constantFrom(["i"], ["k", "i"]),
    require_expiration: fc.boolean(),
    clock_skew_seconds: fc.constantFrom(0, 60),
    from: fc.constantFrom(
      { header: "authorization" },
      { query: "a" },
      { header: "x-list", value_prefix: "" },
    ),
  },
  { requiredKeys: [] },
);
/** Configurations by which tokens are looked at, with whatever keys. */
export const tokenAuthz = fc
  .tuple(
    fc.oneof(wideAuthz, remoteAuthz),
    thorough,
    fc.record({ algorithms }),
    expected,
    fc.option(
      keySet.map((local_jwks) => ({ local_jwks })),
      { freq: 2 },
    ),
  )
  .map(([each, rules, allowed, more, own]) => ({
    ...each,
    rules,
    jwt: { ...(own === null ? keysOf(each.jwt) : own), ...allowed, ...more },
  }));

/** Of the options of tokens those that say where the keys are. */
function keysOf(jwt: object): object {
  return Object.fromEntries(Object.entries(jwt).filter(([key]) => key.endsWith("_jwks")));
}
