import { cp, mkdir, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { namedPlugins } from "../../harness/src/lint/named-plugins.ts";
import { guest } from "../guests/guest.ts";

test("the modules that a configuration names are those that are files there", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "named-plugins-"));
  await cp(guest("empty"), path.join(folder.path, "empty.wasm"));
  await mkdir(path.join(folder.path, "folder.wasm"));
  const text = `{ local: { filename: "empty.wasm" } }, { filename: folder.wasm }, { filename: 'none.wasm' }`;

  const plugins = await namedPlugins(text, folder.path);

  expect(plugins.map(({ module }) => module.path)).toEqual([path.join(folder.path, "empty.wasm")]);
});
