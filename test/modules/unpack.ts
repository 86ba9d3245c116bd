import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const built = fileURLToPath(new URL("built/", import.meta.url));
const outFolder = fileURLToPath(new URL("../../build/modules/", import.meta.url));

/** vitest's global set-up: `built/go.wasm.br`, which is large, becomes `build/modules/go.wasm`, unless it is there. */
export default async function unpack(): Promise<void> {
  const packed = (await readdir(built)).filter((name) => name.endsWith(".br"));
  await mkdir(outFolder, { recursive: true });
  for (const name of packed) {
    const module = brotliDecompressSync(await readFile(path.join(built, name)));
    const file = path.join(outFolder, path.basename(name, ".br"));
    const unpacked = await readFile(file).catch(() => null);
    if (unpacked?.equals(module) === true) continue;
    await writeFile(`${file}.${process.pid}`, module);
    await rename(`${file}.${process.pid}`, file);
  }
}
