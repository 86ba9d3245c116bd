import { testSchema } from "../schema-tests.ts";

const when = { header: "x-plan", exact: "free" };
const percent = { numerator: 1, denominator: "HUNDRED" };
const answer = { body: "out of order", headers: [{ name: "retry-after", value: "5" }] };

await testSchema({
  filter: "fault-injection",
  configurations: [
    {
      rules: [
        { name: "a", when, percent, delay: { fixed_ms: 5 }, abort: { http_status: 503, ...answer } },
        { name: "b", delay: { uniform: { from_ms: 5, to_ms: 9 } }, abort: { grpc_status: 14, ...answer } },
        { name: "c", delay: { exponential: { mean_ms: 5, max_ms: 9 } }, reset: { at: "request" } },
        {
          name: "d",
          delay: { normal: { mean_ms: 5, stddev_ms: 1, max_ms: 9 } },
          pace: { bytes_per_second: 5 },
        },
        { name: "e", delay: { fixed_ms: 5 }, truncate: { body_bytes: 5 } },
      ],
      header_control: {
        when,
        delay: { max_ms: 5, percent },
        abort: { percent: { numerator: 1, denominator: "TEN_THOUSAND" } },
        pace: { least_kib_per_second: 5, percent: { numerator: 1, denominator: "MILLION" } },
      },
      ...{ max_active_faults: 5, seed: 7 },
      ...{ repeated: "first", case_sensitive: false, encoded_slashes: "keep", path_parameters: "keep" },
      trusted_hops: 1,
    },
  ],
  beyond: [
    { path: /\.from_ms$/, what: /greatest/, reason: /uniform\.to_ms .*from 3600000/ },
    { path: /\.to_ms$/, what: /least/, reason: /uniform\.to_ms .*from 5/ },
    { path: /\.mean_ms$/, what: /greatest/, reason: /\.max_ms .*from 3600000/ },
    { path: /rules.*\.max_ms$/, what: /least/, reason: /\.max_ms .*from 5/ },
  ],
});
