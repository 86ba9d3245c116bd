import { existsSync } from "node:fs";
import path from "node:path";
import { parseArguments } from "./arguments.ts";
import { HarnessError } from "../errors.ts";
import { buildFilter, type Built } from "../module/build.ts";
import { loadModule } from "../module/load.ts";
import { findWorkspace } from "../module/find.ts";
import { buildWorkspace, debugBuilds } from "../module/workspace.ts";

/** `proxy-wasm build [FOLDER…] [--debug] [--out FOLDER]`: every module is checked after it was written. */
export async function build(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArguments("build", args, {
    out: { type: "string" },
    debug: { type: "boolean" },
  });
  const isUnoptimised = values.debug ?? false;
  const out = values.out === undefined ? null : path.resolve(values.out);
  const outFolder = (workspace: string): string =>
    out ?? path.join(workspace, isUnoptimised ? debugBuilds : "build");
  if (positionals.length === 0) {
    const workspace = findWorkspace(process.cwd());
    const options = { outFolder: outFolder(workspace), isUnoptimised };
    for await (const built of buildWorkspace(workspace, options)) await report(built);
    return 0;
  }
  for (const given of positionals) {
    const folder = path.resolve(given);
    if (!existsSync(path.join(folder, "index.ts")))
      throw new HarnessError(
        "not_found",
        `${given}: it has no index.ts, so it is no filter's folder: correct the path`,
      );
    const workspace = findWorkspace(folder);
    await report(await buildFilter({ workspace, folder, outFolder: outFolder(workspace), isUnoptimised }));
  }
  return 0;
}

async function report({ file, isNew, byteLength, warnings }: Built): Promise<void> {
  for (const warning of warnings) console.error(warning);
  await loadModule(file);
  console.log(`${path.relative(process.cwd(), file)}: ${byteLength} bytes${isNew ? "" : ", up to date"}`);
}
