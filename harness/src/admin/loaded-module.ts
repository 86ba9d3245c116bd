import { createHash } from "node:crypto";
import { WasmAccessLogSchema } from "../../api/envoy/extensions/access_loggers/wasm/v3/wasm_pb.js";
import { WasmSchema as HttpWasmSchema } from "../../api/envoy/extensions/filters/http/wasm/v3/wasm_pb.js";
import { WasmSchema as NetworkWasmSchema } from "../../api/envoy/extensions/filters/network/wasm/v3/wasm_pb.js";
import { WasmServiceSchema, type PluginConfig } from "../../api/envoy/extensions/wasm/v3/wasm_pb.js";
import type { AsyncDataSource, DataSource } from "../../api/envoy/config/core/v3/base_pb.js";
import { readModule } from "../module/load.ts";
import { keptCodeName } from "../own-names.ts";
import type { ConfigDump } from "./config-dump.ts";

/**
 * A module that Envoy runs, by what its own configuration says.
 *
 * @category Read what happened
 */
export interface LoadedModule {
  /** The plugin's name. */
  readonly plugin: string;
  /** The plugin's `root_id`. */
  readonly rootId: string;
  /** Where Envoy has it from: a path, a URL, or "" for bytes in the configuration itself. */
  readonly source: string;
  /** Of the bytes, lower-case hexadecimal. */
  readonly sha256: string;
}

const schemas = [HttpWasmSchema, NetworkWasmSchema, WasmAccessLogSchema, WasmServiceSchema] as const;

/** The modules of all plugins of a configuration but for those that only keep code. Refused with `not_found` when a file is gone. */
export async function loadedModules(dump: ConfigDump): Promise<LoadedModule[]> {
  const plugins = schemas.flatMap((schema) => dump.messages(schema).map(({ config }) => config));
  const given = plugins.filter((plugin) => plugin !== undefined);
  return Promise.all(given.filter(({ name }) => name !== keptCodeName).map(loadedModule));
}

async function loadedModule(plugin: PluginConfig): Promise<LoadedModule> {
  const code = plugin.vm.case === "vmConfig" ? plugin.vm.value.code : undefined;
  return { plugin: plugin.name, rootId: plugin.rootId, ...(await digestOf(code)) };
}

type Digest = Pick<LoadedModule, "source" | "sha256">;

async function digestOf(code: AsyncDataSource | undefined): Promise<Digest> {
  if (code?.specifier.case === "remote") {
    const { sha256, httpUri } = code.specifier.value;
    return { source: httpUri?.uri ?? "", sha256 };
  }
  return localDigest(code?.specifier.value?.specifier ?? { case: undefined });
}

async function localDigest({ case: kind, value }: DataSource["specifier"]): Promise<Digest> {
  if (kind === "filename") return { source: value, sha256: sha256(await readModule(value)) };
  return { source: "", sha256: sha256(kind === "inlineBytes" || kind === "inlineString" ? value : "") };
}

function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
