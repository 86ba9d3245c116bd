import { existsSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors.ts";
import { buildFilter, type Built } from "./build.ts";
import { filterNames, findWorkspace } from "./find.ts";

/** Builds every filter of the workspace around a folder into its `build/`, one after the other. */
export async function* buildWorkspace(from: string): AsyncGenerator<Built> {
  const workspace = findWorkspace(from);
  for (const name of await filterNames(workspace)) {
    yield await buildFilter({
      workspace,
      folder: path.join(workspace, "filters", name),
      outFolder: path.join(workspace, "build"),
    });
  }
}

/** The nearest folder, upwards, that has an `asconfig.json`. Refused with `not_found`. */
export function workspaceOf(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, "asconfig.json"))) return at;
    if (at === path.dirname(at)) break;
  }
  throw new HarnessError(
    "not_found",
    `${folder}: no asconfig.json here or above: create one with { "extends": "as-proxy-wasm/asconfig.json" }`,
  );
}
