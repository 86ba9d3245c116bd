import { copyFile, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

/** What a proxy says of the module at a path. */
async function loadedFrom(file: string): Promise<string | undefined> {
  await using proxy = await startProxy({ chain: [{ filter: file }] });
  return proxy.modules[0]?.sha256;
}

test("a module that was built anew at its path is looked into anew", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "built-anew-"));
  const file = path.join(folder.path, "filter.wasm");
  await copyFile(guest("raw/passes"), file);
  const first = await loadedFrom(file);
  await copyFile(guest("raw/pauses"), file);

  expect(await loadedFrom(file)).not.toBe(first);

  await copyFile(guest("unsound/no-allocator"), file);
  await expect(loadedFrom(file)).rejects.toMatchObject({ code: "module_refused" });
});

test("a module that was found to be sound is known by its bytes, wherever it stands", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "moved-"));
  const file = path.join(folder.path, "moved.wasm");
  await copyFile(guest("raw/passes"), file);
  await loadedFrom(guest("raw/passes"));

  await using proxy = await startProxy({ chain: [{ filter: file }] });

  expect(proxy.modules).toEqual([
    { name: "moved", path: file, sha256: await loadedFrom(guest("raw/passes")) },
  ]);
});
