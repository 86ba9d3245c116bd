import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Schema } from "../sdk/schema-samples.ts";

const { definitions: shared = {} } = await schemaOf("../../sdk/schemas/condition.schema.json");
const filters = ["fault-injection", "header-authz", "metrics", "rate-limit"];
/** Tests of what a filter refuses say nothing about what its options do. */
const refusals = /(refused|schema)\.test\.ts$|wrong-\w+\.ts$/;

test.for(filters)(
  "each option of %s, and each of its choices, is used by a test of the filter",
  async (filter) => {
    const folder = fileURLToPath(new URL(`../filters/${filter}/`, import.meta.url));
    const names = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !refusals.test(name));
    const text = (await Promise.all(names.map((name) => readFile(folder + name, "utf8")))).join("\n");
    const { options, choices } = said(await schemaOf(`../../filters/${filter}/schema.json`));

    expect(options.filter((name) => !new RegExp(`\\b${name}"?( as const)?\\s*[:,}]`).test(text))).toEqual([]);
    expect(choices.filter((choice) => !text.includes(JSON.stringify(choice)))).toEqual([]);
  },
);

async function schemaOf(path: string): Promise<Schema> {
  return JSON.parse(await readFile(new URL(path, import.meta.url), "utf8")) as Schema;
}

/** The keys that a schema knows, but for those of conditions, which the SDK's tests are about, and the texts that it lets choose from. */
function said(schema: Schema): { options: string[]; choices: unknown[] } {
  const { properties = {}, definitions = {}, oneOf = [], items, enum: choices = [] } = schema;
  const own = Object.entries(definitions).filter(([name]) => !(name in shared));
  const inner = [
    ...Object.values(properties),
    ...own.map(([, each]) => each),
    ...oneOf,
    ...(items ? [items] : []),
  ];
  const all = inner.map(said);
  return {
    options: [...new Set([...Object.keys(properties), ...all.flatMap(({ options }) => options)])],
    choices: [
      ...new Set([
        ...choices.filter((each) => typeof each === "string"),
        ...all.flatMap((each) => each.choices),
      ]),
    ],
  };
}
