import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { changedTypes } from "../../harness/src/module/filter-types.ts";

async function typesOf(schema: object): Promise<string | null> {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "filter-types-"));
  await writeFile(path.join(folder.path, "schema.json"), JSON.stringify(schema));
  return await changedTypes(folder.path, path.join(folder.path, "none.d.ts"));
}

test("a definition may hold itself, as a condition does", async () => {
  const tree = { type: "object", properties: { left: { $ref: "#/definitions/tree" } } };

  expect(await typesOf({ type: "object", properties: { tree }, definitions: { tree } })).toMatch(
    /export interface Tree \{\nleft\?: Tree\n/,
  );
});

test("a reference that leads nowhere is refused with the file's name", async () => {
  await expect(typesOf({ properties: { a: { $ref: "#/definitions/none" } } })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(/schema\.json: .*#\/definitions\/none/) as string,
  });
});

test("a folder without a schema has no types", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "filter-types-"));

  expect(await changedTypes(folder.path, path.join(folder.path, "none.d.ts"))).toBeNull();
});

test("one of several keys has to be there, and the others must not", async () => {
  const text = { type: "string" };
  const oneOf = [{ required: ["a"] }, { required: ["b"] }];
  const types = await typesOf({
    type: "object",
    additionalProperties: false,
    properties: {
      choice: {
        type: "object",
        additionalProperties: false,
        properties: { a: text, b: text, c: text },
        oneOf,
      },
    },
  });

  expect(types?.replace(/\s+/g, " ")).toContain(
    "choice?: ({ a: string c?: string } | { b: string c?: string })",
  );
});
