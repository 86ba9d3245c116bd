import path from "node:path";
import { buildFilter, type BuildOptions, type Built } from "./build.ts";
import { filterNames, findWorkspace } from "./find.ts";

/** The folder, in the workspace, of modules that were built without optimisation. */
export const debugBuilds = path.join("build", "debug");

/** Builds every filter of the workspace around a folder, into its `build/` unless told otherwise, one after the other. */
export async function* buildWorkspace(
  from: string,
  { outFolder, isUnoptimised = false }: Partial<Pick<BuildOptions, "outFolder" | "isUnoptimised">> = {},
): AsyncGenerator<Built> {
  const workspace = findWorkspace(from);
  for (const name of await filterNames(workspace)) {
    yield await buildFilter({
      workspace,
      folder: path.join(workspace, "filters", name),
      outFolder: outFolder ?? path.join(workspace, "build"),
      isUnoptimised,
    });
  }
}
