import type { JsonObject } from "@bufbuild/protobuf";
import type { Plugin } from "../backend.ts";
import { loadModule, loadUncheckedModule } from "../module/load.ts";
import { pluginConfigs } from "./plugins.ts";
import { member, text } from "./walk.ts";

/** The plugins of a bootstrap, by which its log is read. Refused as loading a module is. */
export async function pluginsOf(bootstrap: JsonObject, areUnchecked: boolean): Promise<Plugin[]> {
  const load = areUnchecked ? loadUncheckedModule : loadModule;
  return Promise.all(pluginConfigs(bootstrap).map((config) => pluginFrom(config, load)));
}

async function pluginFrom(config: JsonObject, load: typeof loadModule): Promise<Plugin> {
  const vm = member(config, "vm_config");
  const local = member(member(vm, "code"), "local");
  return {
    name: text(config, "name"),
    rootId: text(config, "root_id"),
    vmId: text(vm, "vm_id"),
    module: await load(text(local, "filename")),
    configuration: new Uint8Array(),
    vmConfiguration: new Uint8Array(),
    allowOnHeadersStopIteration: config["allow_on_headers_stop_iteration"] === true,
  };
}
