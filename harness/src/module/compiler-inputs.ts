import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * The files of the asc transforms that a set of `asconfig.json` files name. The compiler loads them by itself, so they
 * are not among the files that it asks for.
 */
export async function transformFiles(configs: readonly string[]): Promise<string[]> {
  const folders = await Promise.all(configs.map(transformFolders));
  const files = await Promise.all([...new Set(folders.flat())].map(scriptsIn));
  return files.flat().sort();
}

interface Options {
  readonly transform?: string | readonly string[];
}

async function transformFolders(config: string): Promise<string[]> {
  const { options, targets = {} } = JSON.parse(await readFile(config, "utf8")) as {
    options?: Options;
    targets?: Record<string, Options>;
  };
  const names = [options, ...Object.values(targets)].flatMap((each) => each?.transform ?? []);
  return names.map((name) => path.dirname(createRequire(config).resolve(name)));
}

async function scriptsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.[cm]?js$/.test(name)).map((name) => path.join(folder, name));
}
