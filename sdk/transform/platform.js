import { NodeKind } from "assemblyscript";
import { SDK_PATH } from "./sources.js";

/** The files of AssemblyScript's library that need a JavaScript host, and for which the SDK has something else. */
const LIBRARY_FILES = new Set(
  ["console", "crypto", "date", "performance", "process"].map((name) => `~lib/${name}`),
);

/** What those files import from the JavaScript host, and what the SDK has in its place. */
const REPLACEMENTS = new Map([
  ["~lib/bindings/dom", "assembly/platform/dom"],
  ["~lib/bindings/node", "assembly/platform/node"],
]);

/** The SDK's files that stand for a JavaScript host: part of every program. */
export const PLATFORM_FILES = [...REPLACEMENTS.values(), "assembly/platform/globals", "assembly/abort"];

/** Points the imports of such a library file from the JavaScript host to the SDK. */
export function retargetPlatform(source) {
  if (!LIBRARY_FILES.has(source.internalPath)) return;
  for (const statement of source.statements) {
    const replacement =
      statement.kind === NodeKind.Import ? REPLACEMENTS.get(statement.internalPath) : undefined;
    if (replacement !== undefined) statement.internalPath = `${SDK_PATH}/${replacement}`;
  }
}
