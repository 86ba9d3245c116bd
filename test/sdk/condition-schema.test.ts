import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Schema } from "./schema-samples.ts";

const shared = await definitionsOf("../../sdk/schemas/condition.schema.json");

/** What a filter has beyond the SDK's schema: kinds of conditions of its own, and a description that speaks of them. */
const filters: Array<{ filter: string; own: readonly string[]; about?: string }> = [
  { filter: "fault-injection", own: [] },
  { filter: "rate-limit", own: [] },
  {
    filter: "header-authz",
    own: ["authenticated", "claim"],
    about: "What must be so of a request, or of who sends it.",
  },
];
/** How requests are read: a filter's schema refers to these, or says the same in place. */
const options = ["repeated", "case_sensitive", "encoded_slashes", "path_parameters", "trusted_hops"];

describe.for(filters)("$filter", ({ filter, own, about = shared["condition"]?.description }) => {
  test("conditions are the SDK's, but for the kinds of its own", async () => {
    const definitions = await definitionsOf(`../../filters/${filter}/schema.json`);
    const { oneOf = [], ...condition } = definitions["condition"] ?? {};
    const ofOthers = oneOf.filter(({ required: [kind = ""] = [] }) => !own.includes(kind));

    expect(oneOf).toHaveLength(ofOthers.length + own.length);
    expect({ ...condition, oneOf: ofOthers }).toEqual({ ...shared["condition"], description: about });
    for (const [name, definition] of Object.entries(shared)) {
      if (name !== "condition" && !options.includes(name))
        expect(definitions[name], name).toEqual(definition);
    }
  });

  test("how requests are read is said as the SDK says it", async () => {
    const schema = await schemaOf(`../../filters/${filter}/schema.json`);
    for (const name of options) {
      const option = schema.properties?.[name];
      const said = option?.$ref === `#/definitions/${name}` ? schema.definitions?.[name] : option;
      expect(said, name).toEqual(shared[name]);
    }
  });
});

async function schemaOf(path: string): Promise<Schema> {
  return JSON.parse(await readFile(new URL(path, import.meta.url), "utf8")) as Schema;
}

async function definitionsOf(path: string): Promise<Readonly<Record<string, Schema>>> {
  return (await schemaOf(path)).definitions ?? {};
}
