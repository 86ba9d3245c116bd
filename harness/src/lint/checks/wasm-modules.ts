import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { readInterface } from "../../module/binary.ts";
import { checkModule, type ModuleReport } from "../../module/check.ts";
import { isWasm } from "../../module/binary.ts";
import { readManifest } from "../../module/manifest.ts";
import { types, type Configuration } from "../configuration.ts";
import type { Spot } from "../finding.ts";
import type { Message } from "../structure/message.ts";

/** What lint knows of a module. */
export interface KnownModule {
  readonly report: ModuleReport;
  /** Names of the functions that it imports. */
  readonly imports: readonly string[];
  readonly exports: ReadonlySet<string>;
  /** The root_ids that it serves; null when it serves each, or does not say. */
  readonly rootIds: readonly string[] | null;
}

/** A plugin and where its code is: a file, bytes in the configuration, or neither, when it is fetched. */
export interface PluginCode {
  readonly plugin: Message;
  /** The file as it is written; null when the code is in the configuration. */
  readonly file: string | null;
  readonly spot: Spot;
  /** Null when the file cannot be read. */
  readonly bytes: () => Uint8Array<ArrayBuffer> | null;
  /** Differs where the code does. */
  readonly identity: string;
}

/** The plugins of a configuration whose code is at hand. */
export function pluginCodes(configuration: Configuration): PluginCode[] {
  return configuration.all(types.plugin).flatMap((plugin) => {
    const local = plugin.message("vm_config")?.message("code")?.message("local");
    if (local === null || local === undefined) return [];
    const file = local.text("filename");
    const inline = local.text("inline_bytes");
    if (file !== null)
      return [codeOfFile(plugin, { file, spot: local.at("filename") }, configuration.folder)];
    return inline === null ? [] : [codeInline(plugin, local.at("inline_bytes"), inline)];
  });
}

function codeOfFile(
  plugin: Message,
  { file, spot }: { file: string; spot: Spot },
  folder: string,
): PluginCode {
  const absolute = path.resolve(folder, file);
  return { plugin, file, spot, bytes: () => readFile(absolute), identity: absolute };
}

function codeInline(plugin: Message, spot: Spot, base64: string): PluginCode {
  const bytes = (): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, "base64"));
  return { plugin, file: null, spot, bytes, identity: createHash("sha256").update(base64).digest("hex") };
}

function readFile(file: string): Uint8Array<ArrayBuffer> | null {
  try {
    return statSync(file).isFile() ? new Uint8Array(readFileSync(file)) : null;
  } catch {
    return null; // the rule `wasm-file` says so
  }
}

const known = new Map<string, KnownModule>();
const knownLimit = 100;

/** Looks into a module, once for the same bytes. Null when they are no Wasm. */
export function knownModule(name: string, bytes: Uint8Array<ArrayBuffer>): KnownModule | null {
  if (!isWasm(bytes)) return null;
  const digest = createHash("sha256").update(bytes).digest("hex");
  const module = known.get(digest) ?? look(name, bytes);
  if (known.size >= knownLimit) known.clear();
  known.set(digest, module);
  return module;
}

function look(name: string, bytes: Uint8Array<ArrayBuffer>): KnownModule {
  const report = checkModule(name, bytes);
  if (report.refusals.some(({ rule }) => rule === "corrupt"))
    return { report, imports: [], exports: new Set(), rootIds: null };
  const { imports, exports } = readInterface(bytes);
  return {
    report,
    imports: imports.filter(({ kind }) => kind === "function").map((one) => one.name),
    exports: new Set(exports.map((one) => one.name)),
    rootIds: rootIdsOf(name, bytes),
  };
}

/** A module with one filter serves every root_id. */
function rootIdsOf(name: string, bytes: Uint8Array<ArrayBuffer>): readonly string[] | null {
  try {
    const { rootIds } = readManifest(name, bytes);
    return rootIds.length > 1 ? rootIds : null;
  } catch {
    return null; // a broken manifest refuses the module when it is loaded
  }
}
