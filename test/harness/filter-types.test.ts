import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { inlinedSchema } from "../../harness/src/module/inlined-schema.ts";

const text = { type: "string" };

test.each([
  [
    "a reference becomes what it leads to",
    { properties: { a: { $ref: "#/definitions/text" } }, definitions: { text } },
    { properties: { a: text } },
  ],
  [
    "so does one in an array, and one in a definition",
    {
      oneOf: [{ $ref: "#/definitions/a" }],
      definitions: { a: { items: { $ref: "#/definitions/text" } }, text },
    },
    { oneOf: [{ items: text }] },
  ],
  [
    "a definition may be referred to twice",
    {
      properties: { a: { $ref: "#/definitions/text" }, b: { $ref: "#/definitions/text" } },
      definitions: { text },
    },
    { properties: { a: text, b: text } },
  ],
  [
    "a definition within itself is any object",
    {
      $ref: "#/definitions/tree",
      definitions: { tree: { type: "object", properties: { left: { $ref: "#/definitions/tree" } } } },
    },
    { type: "object", properties: { left: { type: "object" } } },
  ],
  [
    "a schema without references stays",
    { enum: [null, 1], required: ["a"] },
    { enum: [null, 1], required: ["a"] },
  ],
  ["what leads nowhere stays", { $ref: "#/definitions/none" }, { $ref: "#/definitions/none" }],
])("%s", (_, schema, expected) => {
  expect(inlinedSchema(schema)).toEqual(expected);
});

test("of conditions, which hold conditions, no reference is left", async () => {
  const file = new URL("../../sdk/schemas/condition.schema.json", import.meta.url);
  const inlined = JSON.stringify(inlinedSchema(JSON.parse(await readFile(file, "utf8"))));

  expect(inlined).not.toContain("$ref");
  expect(inlined).toContain("client_address");
});
