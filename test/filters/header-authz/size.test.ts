import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const file = new URL("../../../build/header-authz.wasm", import.meta.url);

test("the module has at most 64 KiB beside the names that backtraces are made of", async () => {
  const wasm = await readFile(file);
  const [names] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "name");

  expect(wasm.byteLength - (names?.byteLength ?? 0)).toBeLessThanOrEqual(64 * 1024);
});
