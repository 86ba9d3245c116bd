import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Of the compiler's own library, beside its packages. */
const standardLibrary = "assemblyscript/std/assembly";

/**
 * The file of a source: that of `~lib/as-proxy-wasm/…` in an installed package. Null when it is in none, and for what was
 * never a file, as the entry that the SDK's transform writes.
 */
export function sourceFile(source: string): string | null {
  if (!source.startsWith("~lib/")) return existsSync(source) ? source : null;
  const name = source.slice("~lib/".length);
  return installed(name) ?? installed(path.posix.join(standardLibrary, name));
}

/** A file in the nearest `node_modules` that has it, from the working folder upwards. */
function installed(file: string): string | null {
  for (const folder of createRequire(path.join(process.cwd(), "index.js")).resolve.paths(file) ?? []) {
    const candidate = path.join(folder, file);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  return null;
}
