import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { HarnessError } from "../errors.ts";
import { suggestion } from "../nearest.ts";

/**
 * The file of a filter that is named by its workspace folder (`header-authz` is `build/header-authz.wasm` beside
 * `filters/`, or in the folder of builds that is given) or by a path that ends in `.wasm`. Refused with `not_found`, and
 * with what to do.
 */
export async function findModule(
  filter: string,
  relativeTo: string,
  builds: string | null = null,
): Promise<string> {
  if (/^oci:\/\//.test(filter)) {
    throw new HarnessError(
      "unsupported",
      `${filter}: OCI references cannot be fetched yet: pull the module to a .wasm file and name that`,
    );
  }
  return filter.endsWith(".wasm")
    ? existing(path.resolve(relativeTo, filter))
    : inWorkspace(filter, relativeTo, builds);
}

function existing(file: string, command = "build"): string {
  if (existsSync(file)) return file;
  throw new HarnessError(
    "not_found",
    `${file}: no such module: build it first (npx proxy-wasm ${command}), or correct the path`,
  );
}

async function inWorkspace(filter: string, relativeTo: string, builds: string | null): Promise<string> {
  const root = findWorkspace(relativeTo);
  const names = await filterNames(root);
  const file = path.join(builds ?? path.join(root, "build"), `${filter}.wasm`);
  const command = builds === null ? "build" : `build --debug --out ${builds}`;
  if (names.includes(filter)) return existing(file, command);
  const hint = suggestion(filter, names);
  throw new HarnessError("not_found", `no filter "${filter}" in ${path.join(root, "filters")}: ${hint}`);
}

/** The nearest folder, upwards, that has an `asconfig.json`: the workspace. Refused with `not_found`. */
export function findWorkspace(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "asconfig.json"))) return folder;
    if (folder === path.dirname(folder)) break;
  }
  throw new HarnessError(
    "not_found",
    `no asconfig.json in ${path.resolve(from)} or above it, so this is no workspace of filters: create one with ` +
      '{ "extends": "as-proxy-wasm/asconfig.json" }, or name the filter by its .wasm file',
  );
}

/** The folders in `filters/` that hold a filter, sorted; none when there is no such folder. */
export async function filterNames(workspace: string): Promise<string[]> {
  const folder = path.join(workspace, "filters");
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter(
    (entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, "index.ts")),
  );
  return folders.map(({ name }) => name).sort();
}
