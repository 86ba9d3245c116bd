import { existsSync } from "node:fs";
import path from "node:path";
import { parseArguments } from "./arguments.ts";
import { HarnessError } from "../errors.ts";
import { buildFilter, type Built } from "../module/build.ts";
import { loadModule } from "../module/load.ts";
import { findWorkspace } from "../module/find.ts";
import { buildWorkspace } from "../module/workspace.ts";

/** `proxy-wasm build [FOLDER…] [--out FOLDER]`: every module is checked after it was written. */
export async function build(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArguments("build", args, {
    out: { type: "string" },
  });
  const out = values.out === undefined ? undefined : path.resolve(values.out);
  if (positionals.length === 0) {
    for await (const built of buildWorkspace(process.cwd(), out)) await report(built);
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
    await report(
      await buildFilter({
        workspace,
        folder,
        outFolder: out ?? path.join(workspace, "build"),
      }),
    );
  }
  return 0;
}

async function report({ file, isNew, byteLength, warnings }: Built): Promise<void> {
  for (const warning of warnings) console.error(warning);
  await loadModule(file);
  console.log(`${path.relative(process.cwd(), file)}: ${byteLength} bytes${isNew ? "" : ", up to date"}`);
}
