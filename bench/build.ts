import { execFile } from "node:child_process";
import { copyFile, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../", import.meta.url));
const filters = path.join(root, "bench/filters");
const outFolder = path.join(root, "build/bench");

/** Compiles our filters, `filters/t1` to `build/bench/t1-ours.wasm`. */
export async function buildFilters(): Promise<void> {
  const tasks = (await readdir(filters, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const folders = tasks.map(({ name }) => path.join(filters, name));
  const command = path.join(root, "harness/bin/proxy-wasm.mjs");
  await promisify(execFile)(process.execPath, [command, "build", ...folders, "--out", outFolder], {
    cwd: root,
  });
  for (const { name } of tasks)
    await copyFile(path.join(outFolder, `${name}.wasm`), path.join(outFolder, `${name}-ours.wasm`));
}
