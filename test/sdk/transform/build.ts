import { compileFilter } from "../compile.ts";

/** What the filters of these tests may use of the SDK. */
export const IMPORT = `import { Action, Body, Configuration, Counter, HttpFilter, httpFilter, JsonObject, log, RequestHeaders, utf8 }
  from "as-proxy-wasm";`;

/** The module that asc makes of a filter, whose imports are put before it. */
export async function build(
  text: string,
  files: Record<string, string> = {},
  options: readonly string[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(IMPORT + text, files, options);
  if (wasm === null) throw new Error(errors);
  return wasm;
}
