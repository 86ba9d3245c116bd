import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { JSONSchema } from "json-schema-to-typescript";
import { HarnessError } from "../errors.ts";
import { withWrittenAlternatives } from "./written-alternatives.ts";

/** Says how the types are made from the schema, so that those of an older harness are made anew. */
const generation = 2;

/**
 * The declaration that makes `filterTest("NAME", …)` know a filter's configuration, from the JSON schema beside its
 * source; null when there is no `schema.json`, or when `file` has been made from it already. Refused with
 * `invalid_input` when it is no JSON or no JSON schema.
 */
export async function changedTypes(folder: string, file: string): Promise<string | null> {
  const schema = path.join(folder, "schema.json");
  const text = await readFile(schema, "utf8").catch(() => null);
  if (text === null) return null;
  const name = path.basename(folder);
  const origin = originOf(name, text);
  const present = await readFile(file, "utf8").catch(() => "");
  if (present.startsWith(`${origin}\n`)) return null;
  const root = "Configuration";
  return [
    origin,
    await declarations(schema, text, root),
    'declare module "proxy-wasm-harness/filter-configurations" {',
    "  interface FilterConfigurations {",
    `    ${JSON.stringify(name)}: ${root};`,
    "  }",
    "}",
    "",
  ].join("\n");
}

function originOf(name: string, schema: string): string {
  const digest = createHash("sha256").update(`${generation} ${schema}`).digest("hex");
  return `// Generated from ${name}/schema.json by \`proxy-wasm build\`: ${digest}`;
}

/** The schema's types; the title would name the first of them, and is not ours to choose. */
async function declarations(file: string, text: string, root: string): Promise<string> {
  try {
    const { compile } = await import("json-schema-to-typescript"); // loads prettier: only where there is a schema
    const schema = { ...(withWrittenAlternatives(JSON.parse(text)) as JSONSchema), title: root };
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
