import { execFile } from "node:child_process";
import { cp, mkdir, mkdtempDisposable, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const harness = fileURLToPath(new URL("../../harness/", import.meta.url));

test.for([
  ["as old as what it is made from", 0, "the bundle\n"],
  ["newer", 1, "the bundle\n"],
  ["older", -1, "the parts\n"],
] as const)("the command is the bundle unless it is out of date: %s", async ([, seconds, said]) => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "bundle-"));
  for (const name of ["bin", "package.json"])
    await cp(harness + name, path.join(folder.path, name), { recursive: true });
  const made = Date.now() / 1000;
  for (const [name, text, at] of [
    ["cli", "the parts", made],
    ["bundle", "the bundle", made + seconds],
  ] as const) {
    const file = path.join(folder.path, "dist", name, "main.js");
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `console.log(${JSON.stringify(text)});`);
    await utimes(file, at, at);
  }

  const command = path.join(folder.path, "bin/proxy-wasm.mjs");
  expect((await promisify(execFile)(process.execPath, [command])).stdout).toBe(said);
});
