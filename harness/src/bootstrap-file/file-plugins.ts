import type { JsonObject } from "@bufbuild/protobuf";
import type { Plugin } from "../backend.ts";
import { loadModule } from "../module/load.ts";
import { pluginConfigs } from "./plugins.ts";
import { member, text } from "./walk.ts";

/** The plugins of a bootstrap, by which its log is read. Refused as loading a module is. */
export async function pluginsOf(bootstrap: JsonObject): Promise<Plugin[]> {
  return Promise.all(pluginConfigs(bootstrap).map(pluginFrom));
}

async function pluginFrom(config: JsonObject): Promise<Plugin> {
  const vm = member(config, "vm_config");
  const local = member(member(vm, "code"), "local");
  return {
    name: text(config, "name"),
    rootId: text(config, "root_id"),
    vmId: text(vm, "vm_id"),
    module: await loadModule(text(local, "filename")),
    configuration: new Uint8Array(),
    vmConfiguration: new Uint8Array(),
    allowOnHeadersStopIteration: config["allow_on_headers_stop_iteration"] === true,
  };
}
