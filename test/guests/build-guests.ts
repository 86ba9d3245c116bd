import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import binaryen from "assemblyscript/binaryen";
import { players, playerText } from "../differential/player.ts";

const guests = fileURLToPath(new URL("./", import.meta.url));
const workspace = path.resolve(guests, "../..");
const outFolder = path.join(workspace, "build/guests");

/** vitest's global set-up: compiles the guests of the tests into `build/guests`, AssemblyScript and text format. */
export default async function buildGuests(): Promise<void> {
  binaryen.setDebugInfo(true);
  const names = await readdir(guests, { recursive: true });
  const folders = names
    .map((name) => path.join(guests, name))
    .filter((entry) => existsSync(path.join(entry, "index.ts")));
  const texts = names.filter((name) => name.endsWith(".wat"));
  await mkdir(outFolder, { recursive: true });
  await Promise.all([buildAssemblyScript(folders), ...texts.map(assemble), ...writtenPlayers()]);
}

function writtenPlayers(): Array<Promise<void>> {
  return Object.entries(players).map(([name, player]) => write(name, playerText(player)));
}

async function buildAssemblyScript(folders: readonly string[]): Promise<void> {
  const command = path.join(workspace, "harness/bin/proxy-wasm.mjs");
  const shares = Object.groupBy(folders, (_, i) => i % availableParallelism());
  const builds = Object.values(shares).map((share = []) =>
    promisify(execFile)(process.execPath, [command, "build", ...share, "--out", outFolder], {
      cwd: workspace,
    }),
  );
  await Promise.all(builds);
}

/**
 * `unsound/start-section.wat` becomes `build/guests/unsound/start-section.wasm`, with its names: at once, and only when it
 * has changed, for a test may run vitest on this workspace while others load modules.
 */
async function assemble(name: string): Promise<void> {
  await write(name.replace(/\.wat$/, ""), await readFile(path.join(guests, name), "utf8"));
}

async function write(name: string, text: string): Promise<void> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const file = path.join(outFolder, `${name}.wasm`);
  const binary = module.emitBinary();
  module.dispose();
  const built = await readFile(file).catch(() => null);
  if (built?.equals(binary) === true) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, binary);
  await rename(`${file}.${process.pid}`, file);
}
