import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { startProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { backend, inProject, test } from "../../project.ts";

const header = (parts: object): object => ({ request_headers: [{ header: "x-a", label: "a", ...parts }] });
const paths = (...templates: unknown[]): object => ({ labels: ["path"], paths: templates });
const reserved = [
  "method",
  "response_code",
  "source_principal",
  "error",
  "worker",
  "le",
  "quantile",
  "__name",
];
const badTemplates = ["", "a", "a/b", "//", "/a/", "/a//b", "/**/a", "/a*", "/{}", "/{a", "/a}", "/{a}b", "/{a*}", "/a?b", "/a#b", "/a b", `/${"a".repeat(100)}`]; // prettier-ignore

// A table: one line a case.
// prettier-ignore
const wrong: Array<[configuration: unknown, key: string, reason: string]> = [
  [[], "", "must be an object"],
  [{ labelz: [] }, "labelz", "labels"],

  ...[1, null, true, [], {}].map((value): [unknown, string, string] => [{ stat_prefix: value }, "stat_prefix", "must be a string"]),
  ...["", "1a", ".a", "a.", "a-b", "a b", "a{b}", "a".repeat(65)].map((value): [unknown, string, string] => [{ stat_prefix: value }, "stat_prefix", "must be 1 to 64 letters"]),

  ...["method", 1, null, {}].map((value): [unknown, string, string] => [{ labels: value }, "labels", "must be an array"]),
  [{ labels: [1] }, "labels[0]", "must be one of method, path, route"],
  [{ labels: ["method", null] }, "labels[1]", "must be one of"],
  [{ labels: ["methods"] }, "labels[0]", "must be one of method, path, route"],
  [{ labels: ["route", "Method"] }, "labels[1]", "must be one of"],
  [{ labels: ["method", "route", "method"] }, "labels", "must not hold method twice"],

  [{ request_headers: {} }, "request_headers", "must be an array"],
  [{ request_headers: ["x-a"] }, "request_headers[0]", "must be an object"],
  [{ request_headers: [{ label: "a" }] }, "request_headers[0].header", "is missing"],
  [{ request_headers: [{ header: "a" }] }, "request_headers[0].label", "is missing"],
  [{ request_headers: Array.from({ length: 9 }, (_, i) => ({ header: "a", label: `l${i}` })) }, "request_headers", "must not hold more than 8"],
  [{ request_headers: [{ header: "a", label: "l" }, { header: "b", label: "l" }] }, "request_headers[1].label", "must not be that of another header"],
  [header({ extra: 1 }), "request_headers[0].extra", ""],
  ...["", "a b", "a\n", "é"].map((value): [unknown, string, string] => [header({ header: value }), "request_headers[0].header", "must be the name of a header"]),
  [header({ header: 1 }), "request_headers[0].header", "must be a string"],
  ...["", "1a", "a-b", "a.b", "a}", "a".repeat(65)].map((value): [unknown, string, string] => [header({ label: value }), "request_headers[0].label", "must be letters, digits and _"]),
  ...reserved.map((value): [unknown, string, string] => [header({ label: value }), "request_headers[0].label", "must not be a label that the filter or Prometheus has"]),
  [header({ values: "a" }), "request_headers[0].values", "must be an array"],
  [header({ values: ["a", 1] }), "request_headers[0].values[1]", "must be a string"],

  [{ labels: ["path"] }, "paths", "must hold a template for the label path"],
  [{ labels: ["path"], paths: [] }, "paths", "must hold a template for the label path"],
  [{ labels: ["method"], paths: ["/a"] }, "paths", "must not be there without the label path"],
  [{ labels: ["path"], paths: "/a" }, "paths", "must be an array"],
  [paths("/a", 1), "paths[1]", "must be a string"],
  ...badTemplates.map((value): [unknown, string, string] => [paths("/fine", value), "paths[1]", "must be a template as /a/{id}/*/c"]),

  ...[0, -1, 10_001, 1.5, "200", null, true].map((value): [unknown, string, string] => [{ max_series: value }, "max_series", "must be a whole number from 1 to 10000"]),

  ...["duration", 1, null].map((value): [unknown, string, string] => [{ histograms: value }, "histograms", "must be an array"]),
  [{ histograms: [1] }, "histograms[0]", "must be one of"],
  [{ histograms: ["sizes"] }, "histograms[0]", "must be one of duration, request_size, response_size"],
  [{ histograms: ["duration", "duration"] }, "histograms", "must not hold duration twice"],
];

const rootIds = backend === "embedded" ? ["metrics", "metrics-access-log"] : ["metrics"];
const cases = rootIds.flatMap((rootId) => wrong.map((one) => [rootId, ...one] as const));

test.for(cases)("%s refuses %j", async ([rootId, configuration, key, reason], { envoys }) => {
  const plugin = { filter: "metrics", rootId, configuration: JSON.stringify(configuration) };
  const options = rootId === "metrics" ? { chain: [plugin] } : { chain: [], accessLoggers: [plugin] };

  const error = await startProxy({ ...inProject(envoys), ...options }).then(() => null, (problem: unknown) => problem as Error); // prettier-ignore

  expect(error).toMatchObject({ code: "configuration_refused" });
  const said = /configuration refused: (.*)/.exec(error?.message ?? "")?.[1] ?? "";
  expect(said).toContain(key === "" ? "line 1" : `${key} (line 1)`);
  expect(said).toContain(reason);
});

const schema = JSON.parse(
  readFileSync(new URL("../../../filters/metrics/schema.json", import.meta.url), "utf8"),
) as object;
const accepts = new Ajv({ allErrors: true }).compile(schema);
/** What draft-07 says only in a way that nobody reads. */
const beyondSchema = /label path|that of another header/;

test.for(wrong.filter(([, , reason]) => !beyondSchema.test(reason)))(
  "the schema refuses %j",
  ([configuration]) => {
    expect(accepts(configuration)).toBe(false);
  },
);
