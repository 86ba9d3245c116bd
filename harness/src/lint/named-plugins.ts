import { statSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "../backend.ts";
import { loadUncheckedModule } from "../module/load.ts";

/** The modules of this machine that a configuration names, as plugins: a trap of one is shown with its lines. */
export async function namedPlugins(text: string, folder: string): Promise<Plugin[]> {
  const names = [...text.matchAll(/[^\s"'{}[\],]+\.wasm\b/g)].map(([name]) => path.resolve(folder, name));
  const files = [...new Set(names)].filter((file) => isFile(file));
  return Promise.all(files.map(pluginOf));
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

async function pluginOf(file: string): Promise<Plugin> {
  const module = await loadUncheckedModule(file);
  const nothing = new Uint8Array();
  return {
    ...{ name: module.name, rootId: module.name, vmId: "" },
    ...{ configuration: nothing, vmConfiguration: nothing },
    ...{ module, allowOnHeadersStopIteration: module.needsHeldHeaders },
  };
}
