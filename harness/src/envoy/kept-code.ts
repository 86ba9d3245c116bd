import { create } from "@bufbuild/protobuf";
import { ListenerSchema } from "../../api/envoy/config/listener/v3/listener_pb.js";
import type { Plugin } from "../backend.ts";
import type { WasmModule } from "../module/load.ts";
import { keptCodeName } from "../own-names.ts";
import { listener, listenerMessage } from "../scenario/listener.ts";
import { route } from "../scenario/route.ts";
import { bareSurroundings } from "../scenario/surroundings.ts";
import { idleWasmFilter } from "../scenario/wasm.ts";
import { resource, type Resource } from "../xds/resource.ts";

/** Never bound, and nobody's: RFC 5737 has it for documentation. */
const nowhere = { address: "192.0.2.1", portSpecifier: { case: "portValue", value: 1 } } as const;

/**
 * A listener that nobody reaches, whose filters have the code of these modules and run none of their callbacks: V8
 * compiles a module anew unless somebody still has it. Null without modules.
 */
export function keptCode(modules: Iterable<WasmModule>): Resource | null {
  const different = [...new Map([...modules].map((module) => [module.path, module])).values()];
  if (different.length === 0) return null;
  const key = different.map(({ path, sha256 }) => `${sha256} ${path}`).join("\n");
  if (key !== last?.key) last = { key, resource: listenerFor(different) };
  return last.resource;
}

/** Most tests of a file have the same modules. */
let last: { readonly key: string; readonly resource: Resource } | null = null;

function listenerFor(modules: readonly WasmModule[]): Resource {
  const parts = listener(keptCodeName, {
    httpFilters: modules.map((module) => ({
      name: module.path,
      configType: { case: "typedConfig", value: idleWasmFilter(idle(module)) },
    })),
    routes: [route("/", 200)],
    isLogged: false,
    with: { address: { address: { case: "socketAddress", value: nowhere } }, bindToPort: false },
  });
  return resource(ListenerSchema, create(ListenerSchema, listenerMessage(parts, bareSurroundings(""))));
}

function idle(module: WasmModule): Plugin {
  return {
    module,
    name: keptCodeName,
    rootId: module.sha256, // the file may be another one later
    vmId: keptCodeName,
    configuration: new Uint8Array(),
    vmConfiguration: new Uint8Array(),
    allowOnHeadersStopIteration: false,
  };
}
