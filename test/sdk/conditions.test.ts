import { readFile } from "node:fs/promises";
import { Ajv, type ErrorObject } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { sampled } from "../harness/sampling.ts";
import { type Guest, loadModule } from "./compile.ts";
import { Samples, type Schema } from "./schema-samples.ts";
import { Steps } from "./schema-steps.ts";

interface ConditionsModule {
  problemOf(text: number): number;
}

const file = new URL("../../sdk/schemas/condition.schema.json", import.meta.url);
const schema = JSON.parse(await readFile(file, "utf8")) as Schema;
const samples = new Samples(schema);
const steps = new Steps(schema);
const conditions = samples.of({ $ref: "#/definitions/condition" }, 4);
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

let guest: Guest<ConditionsModule>;

beforeAll(async () => {
  guest = await loadModule<ConditionsModule>("conditions");
});

function problemOf(configuration: unknown): string | null {
  const problem = guest.call.problemOf(guest.buffer(Buffer.from(JSON.stringify(configuration))));
  return problem === 0 ? null : guest.string(problem);
}

/** The paths that a schema's errors speak of, as the reader writes paths. */
function pathsOf(errors: readonly ErrorObject[]): string[] {
  return errors.flatMap(({ instancePath, params }) => {
    const path = instancePath
      .slice(1)
      .split("/")
      .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
      .join("")
      .slice(1);
    const member: unknown = params.additionalProperty ?? params.missingProperty;
    return typeof member === "string" ? [path, `${path}.${member}`.replace(/^\./, "")] : [path];
  });
}

test("the schema has samples of every condition and every comparison", () => {
  const text = JSON.stringify(conditions);
  const kinds = ["header", "query", "path", "host", "method", "client_address", "peer", "all", "any", "not"];
  const looks = ["exact", "prefix", "suffix", "contains", "regex", "present", "range", "one_of", "element"];
  for (const key of [...kinds, ...looks, "invert", "ignore_case"]) expect(text).toContain(`"${key}":`);
  expect(conditions.length).toBeGreaterThan(300);
});

test("what the schema takes is read", () => {
  const configurations = [
    ...conditions.map((when) => ({ when })),
    ...samples.of(schema, 5).filter((value) => Object.keys(value as object).length > 1),
  ];
  for (const configuration of configurations) {
    const text = JSON.stringify(configuration);
    expect(validate(configuration), text).toBe(true);
    expect(problemOf(configuration), text).toBeNull();
  }
});

describe("what misses the schema by one step", () => {
  const mutations = conditions.flatMap((condition) =>
    steps.wrong({ $ref: "#/definitions/condition" }, condition, "when"),
  );
  const byWhat = Object.groupBy(mutations, ({ what }) => what);

  /** What the schema and the reader make of a configuration; an `expect` for each would take longer than both. */
  const refusalOf = (configuration: unknown, path: string) => ({
    isValid: validate(configuration),
    problem: problemOf(configuration)?.replace(/ \(line \d+\):.*| ?line.*/s, ""),
    isAtPath: pathsOf(validate.errors ?? []).includes(path),
  });

  test.each(sampled(Object.entries(byWhat)))("%s: is refused, by the same path", (_, group) => {
    const surprises = (group ?? [])
      .map(({ value, path }) => ({ when: value, path, ...refusalOf({ when: value }, path) }))
      .filter(({ isValid, problem, isAtPath, path }) => isValid || problem !== path || !isAtPath);
    expect(surprises).toEqual([]);
  });

  test("there are all kinds of them", () => {
    expect(Object.keys(byWhat)).toEqual(
      expect.arrayContaining([
        ...["a wrong type", "no choice", "too short", "a character that none may hold", "no item"],
        ...[
          "a number too large",
          "a number too small",
          "a fraction",
          "an unknown key",
          "no from",
          "no header",
        ],
        ...["exact besides", "range besides", "element besides"],
      ]),
    );
    expect(mutations.length).toBeGreaterThan(2_000);
  });

  test.each([
    [{ when: { path: { exact: "/a" } }, repeated: "last" }, "repeated"],
    [{ when: { path: { exact: "/a" } }, trusted_hops: 33 }, "trusted_hops"],
    [{ when: { path: { exact: "/a" } }, trusted_hops: -1 }, "trusted_hops"],
    [{ when: { path: { exact: "/a" } }, case_sensitive: "no" }, "case_sensitive"],
    [{ when: { path: { exact: "/a" } }, encoded_slashes: "remove" }, "encoded_slashes"],
    [{ when: { path: { exact: "/a" } }, path_parameters: "decode" }, "path_parameters"],
    [{ repeated: "first" }, "when"],
    [{ when: { header: "x", present: true, ignore_case: true } }, "when.ignore_case"],
    [{ when: { header: "x", exact: "a", path: { exact: "/" } } }, "when"],
    [{ when: { all: [{ method: { exact: "a" } }, {}] } }, "when.all[1]"],
  ])("%j is refused at %s", (configuration, path) => {
    expect(validate(configuration)).toBe(false);
    expect(problemOf(configuration)).toMatch(new RegExp(`^${path.replace(/[[\].]/g, "\\$&")} `));
  });
});

describe("what no schema can say is refused by the reader", () => {
  test.each([
    [{ header: "x", regex: "a(b" }, "when.regex (line 1): unmatched ( at 1"],
    [
      { header: "x", range: { from: 2, to: 2 } },
      "when.range.to (line 1): must be more than from: the range ends before it",
    ],
    [{ path: { exact: "//admin" } }, /^when\.path\.exact .*must be a path as it is after decoding/],
    [{ path: { prefix: "/a//b" } }, /^when\.path\.prefix .*no path does after decoding/],
    [{ path: { prefix: "/a/../b" } }, /^when\.path\.prefix .*no path does after decoding/],
    [{ path: { suffix: "/./admin" } }, /^when\.path\.suffix .*no path does after decoding/],
    [{ path: { suffix: "/.." } }, /^when\.path\.suffix .*no path does after decoding/],
    [{ path: { contains: "\\admin" } }, /^when\.path\.contains .*no path does after decoding/],
    [{ path: { contains: "//" } }, /^when\.path\.contains .*no path does after decoding/],
    [{ path: { exact: "/x/../admin" } }, /^when\.path\.exact /],
    [{ path: { one_of: ["/a", "/b\\c"] } }, /^when\.path\.one_of\[1\] /],
    [{ host: { exact: "example.com:80" } }, /^when\.host\.exact .*without port/],
    [{ host: { one_of: ["a.org", "b.org."] } }, /^when\.host\.one_of\[1\] /],
    [{ host: { exact: "[0::1]" } }, /^when\.host\.exact .*or as \[2001:db8::1\]/],
    [
      { host: { one_of: ["[::1]", "[::FFFF:a00:1]", "[::ffff:10.0.0.1]"] } },
      /^when\.host\.one_of\[2\] .*or as/,
    ],
    [{ host: { exact: "[10.0.0.1]" } }, /^when\.host\.exact /],
    [
      { client_address: ["10.0.0.0/8", "10.0.0.1/8"] },
      "when.client_address[1] (line 1): must have no bits behind its prefix",
    ],
    [{ header: "x", exakt: "a" }, "when.exakt (line 1): unknown key; did you mean exact?"],
    [{ haeder: "x", exact: "a" }, "when.haeder (line 1): unknown key; did you mean header?"],
  ])("%j", (when, problem) => {
    expect(problemOf({ when })).toEqual(
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    );
  });

  test("conditions nested deeper than JSON may be are refused", () => {
    let when: object = { method: { exact: "GET" } };
    for (let i = 0; i < 40; i++) when = { not: when };
    expect(problemOf({ when })).toBe("line 1: not JSON: nested deeper than 32 levels");
  });
});

test("each property of the schema says what it is", () => {
  const undescribed: string[] = [];
  const walk = (part: Schema, path: string): void => {
    for (const [key, property] of Object.entries(part.properties ?? {})) {
      const known = samples.resolve(property);
      if (known.description === undefined) undescribed.push(`${path}.${key}`);
      if (property.$ref === undefined) walk(property, `${path}.${key}`);
    }
    for (const alternative of part.oneOf ?? []) walk(alternative, path);
    if (part.items !== undefined) walk(part.items, `${path}[]`);
  };
  walk(schema, "");
  for (const [name, definition] of Object.entries(schema.definitions ?? {})) walk(definition, name);
  expect(undescribed).toEqual([]);
});
