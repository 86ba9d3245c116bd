import { readFile } from "node:fs/promises";
import path from "node:path";
import { HarnessError } from "../errors.ts";
import { inlinedSchema } from "./inlined-schema.ts";

/**
 * The declaration that makes `filterTest("NAME", …)` know a filter's configuration, from the JSON schema beside its
 * source; null when there is no `schema.json`. Of a definition that holds itself the inner one is any object. Refused with `invalid_input` when it is no JSON.
 */
export async function filterTypes(folder: string): Promise<string | null> {
  const file = path.join(folder, "schema.json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const schema = JSON.stringify(inlinedSchema(parse(file, text)), null, 2);
  return [
    `// Generated from ${path.basename(folder)}/schema.json by \`proxy-wasm build\`.`,
    'import type { FromSchema } from "proxy-wasm-harness";',
    "",
    'declare module "proxy-wasm-harness/filter-configurations" {',
    "  interface FilterConfigurations {",
    `    ${JSON.stringify(path.basename(folder))}: FromSchema<${schema.replaceAll("\n", "\n    ")}, { keepDefaultedPropertiesOptional: true }>;`,
    "  }",
    "}",
    "",
  ].join("\n");
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HarnessError(
      "invalid_input",
      `${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
