import path from "node:path";
import { buildFilter, type Built } from "./build.ts";
import { filterNames, findWorkspace } from "./find.ts";

/** Builds every filter of the workspace around a folder, into its `build/` unless told otherwise, one after the other. */
export async function* buildWorkspace(from: string, outFolder?: string): AsyncGenerator<Built> {
  const workspace = findWorkspace(from);
  for (const name of await filterNames(workspace)) {
    yield await buildFilter({
      workspace,
      folder: path.join(workspace, "filters", name),
      outFolder: outFolder ?? path.join(workspace, "build"),
    });
  }
}
