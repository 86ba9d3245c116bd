import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { optionPages, optionTables, withOptions } from "../../toolchain/options-table.mjs";

/** The cells of the rows below a table's head, without their padding. */
function rowsOf(markdown: string): string[][] {
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const rowOf = (property: object, more: object = {}): string[] | undefined =>
  rowsOf(optionTables({ properties: { limit_ms: property }, ...more }))[0];

// A table: one line a case.
// prettier-ignore
const cases: Array<[title: string, property: object, type: string, given: string]> = [
  ["an integer has its unit and its range", { type: "integer", minimum: 1, maximum: 9, default: 5 }, "integer, ms, 1 to 9", "`5`"],
  ["a number may have one bound", { type: "number", minimum: 0 }, "number, ms, at least 0", "–"],
  ["a choice lists its values", { enum: ["a", "b"], default: "a" }, '`"a"`, `"b"`', '`"a"`'],
  ["a list says of what", { type: "array", items: { type: "string" } }, "array of strings", "–"],
  ["a definition of the page is linked", { $ref: "#/definitions/key_part" }, "[key_part](#key-part)", "–"],
  ["alternatives of one key are joined", { oneOf: [{ type: "string" }, { type: "object" }] }, "string or object", "–"],
];

test.for(cases)("%s", ([, property, type, given]) => {
  expect(rowOf({ ...property, description: "d" })).toEqual(["`limit_ms`", type, given, "d"]);
});

test("what is required says so", () => {
  expect(rowOf({ type: "string" }, { required: ["limit_ms"] })?.[2]).toBe("required");
});

test("a bar in a description does not end its cell", () => {
  expect(rowOf({ type: "string", description: "a|b" })?.[3]).toBe("a\\|b");
});

test("the keys of objects, of lists of them and of alternatives are rows", () => {
  const item = {
    type: "object",
    required: ["name"],
    properties: { name: { type: "string" } },
    oneOf: [
      { required: ["exact"], properties: { exact: { type: "string" } } },
      { required: ["prefix"], properties: { prefix: { type: "string" } } },
    ],
  };
  const markdown = optionTables({ properties: { rules: { type: "array", items: item } } });

  expect(rowsOf(markdown).map(([key, , given]) => [key, given])).toEqual([
    ["`rules`", "–"],
    ["`rules[].name`", "required"],
    ["`rules[].exact`", "one of these"],
    ["`rules[].prefix`", "one of these"],
  ]);
});

test("a definition with a page of its own has no table", () => {
  const schema = {
    properties: { when: { $ref: "#/definitions/condition" } },
    definitions: { condition: { properties: { all: {} } }, part: { properties: { a: { type: "string" } } } },
  };
  const markdown = optionTables(schema, { condition: "conditions.md" });

  expect(markdown).toContain("[condition](conditions.md)");
  expect(markdown).not.toContain("### condition");
  expect(markdown).toContain("### part");
});

test("a page without the markers is refused with what it lacks", () => {
  expect(() => withOptions("# a page", {})).toThrow(
    "the page must have the lines <!-- options: from schema.json",
  );
});

describe("the READMEs of the filters", () => {
  const pages = optionPages(fileURLToPath(new URL("../../filters/", import.meta.url)));

  test.for(pages)("$name has the options of its schema: `npm run docs` writes them", ({ page, current }) => {
    expect(page).toBe(current);
  });
});
