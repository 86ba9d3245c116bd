import { testSchema } from "../schema-tests.ts";

const when = { header: "x-plan", exact: "free" };
const policy = { on_missing: "skip", on_failure: "deny", shadow: true };
const some = {
  enabled: { numerator: 1, denominator: "HUNDRED" },
  enforced: { numerator: 1, denominator: "MILLION" },
};
const parts = [
  ...[{ header: "x-key" }, { path: true }, { path_segment: 1 }, { method: true }, { host: true }],
  { client_address: { ipv4_prefix_bits: 24, ipv6_prefix_bits: 48 } },
  { jwt_claim: { claim: "sub", payload_in_metadata: "payload" } },
  { unverified_jwt_claim: { claim: "sub", header: "x-token" } },
];
const service = {
  cluster: "service",
  domain: "shop",
  descriptors: [
    {
      entries: [{ key: "user", value: { header: "x-user" } }],
      limit: { requests_per_unit: 1, unit: "hour" },
      hits_addend: 1,
    },
  ],
  hits_addend: 1,
  timeout_ms: 5,
};

await testSchema({
  filter: "rate-limit",
  configurations: [
    {
      rules: [
        {
          ...{ name: "here", when, key: parts, on_full: "deny", ...policy, ...some },
          limit: { requests: 10, per: "minute", algorithm: "gcra", burst: 5 },
          overrides: [
            { values: ["a"], limit: { requests: 10, window_ms: 5_000, algorithm: "token_bucket", burst: 5 } },
          ],
        },
        {
          ...{ name: "window", key: [{ route: true }, { constant: "all" }] },
          limit: { requests: 10, window_ms: 5_000 },
          overrides: [{ values: ["a", "b"], limit: { requests: 10, per: "hour" } }],
        },
        { name: "asks", when, service, ...policy, ...some },
      ],
      ...{ max_keys: 16, max_refused_keys: 16, seed: 7 },
      ...{ rate_limit_headers: "always", x_rate_limit_headers: "always" },
      ...{ repeated: "first", case_sensitive: false, encoded_slashes: "keep", path_parameters: "keep" },
      trusted_hops: 1,
    },
  ],
  beyond: [
    { path: /\.algorithm$/, what: /sliding_window/, reason: /limit\.burst .*a sliding_window has none/ },
    { path: /\.burst$/, what: /greatest/, reason: /limit\.burst .*within a year/ },
  ],
});
