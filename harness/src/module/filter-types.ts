import { readFile } from "node:fs/promises";
import path from "node:path";
import type { JSONSchema } from "json-schema-to-typescript";
import { HarnessError } from "../errors.ts";

/**
 * The declaration that makes `filterTest("NAME", …)` know a filter's configuration, from the JSON schema beside its
 * source; null when there is no `schema.json`. Refused with `invalid_input` when it is no JSON or no JSON schema.
 */
export async function filterTypes(folder: string): Promise<string | null> {
  const file = path.join(folder, "schema.json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const name = path.basename(folder);
  const root = "Configuration";
  return [
    `// Generated from ${name}/schema.json by \`proxy-wasm build\`.`,
    await declarations(file, text, root),
    'declare module "proxy-wasm-harness/filter-configurations" {',
    "  interface FilterConfigurations {",
    `    ${JSON.stringify(name)}: ${root};`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** The schema's types; the title would name the first of them, and is not ours to choose. */
async function declarations(file: string, text: string, root: string): Promise<string> {
  try {
    const { compile } = await import("json-schema-to-typescript"); // loads prettier: only where there is a schema
    const schema = { ...(JSON.parse(text) as JSONSchema), title: root };
    return await compile(schema, root, {
      bannerComment: "",
      cwd: path.dirname(file),
      format: false,
      ignoreMinAndMaxItems: true, // they would make tuples of lists, which a computed list is not
    });
  } catch (cause) {
    throw new HarnessError(
      "invalid_input",
      `${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
