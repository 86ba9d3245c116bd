import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { unreadable } from "../unreadable.ts";
import { readInterface } from "./binary.ts";
import { assertSound } from "./check.ts";
import { readManifest, type ModuleManifest } from "./manifest.ts";
import { SourceLocations } from "./source-locations.ts";

/**
 * A module that a proxy was given.
 *
 * @category Look into modules
 */
export type ProxyModule = Pick<WasmModule, "name" | "path" | "sha256">;

/** A compiled filter: the bytes that every backend loads, and what is known about them. */
export interface WasmModule {
  /** The file's name without its extension. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hexadecimal; what a backend reports as loaded can be held against it. */
  readonly sha256: string;
  readonly sources: SourceLocations;
  readonly manifest: ModuleManifest;
  /** It says, by an export, that Envoy must be configured with `allow_on_headers_stop_iteration`. */
  readonly needsHeldHeaders: boolean;
  /** It has `proxy_on_log`, without which an access logger is never told of anything. */
  readonly hasLog: boolean;
}

/** The export by whose presence a module asks for `allow_on_headers_stop_iteration`. */
const heldHeadersExport = "envoy_allow_on_headers_stop_iteration";

/** What the bytes of a module say. */
type Inside = Pick<WasmModule, "manifest" | "needsHeldHeaders" | "hasLog">;

/** Of the modules that were found to be sound, by their digests: looking into one compiles it several times. */
const sound = new Map<string, Inside>();

/** Reads a module. Refused with `not_found`, or with `module_refused` and every reason. */
export async function loadModule(file: string): Promise<WasmModule> {
  const bytes = await readModule(file);
  const sha256 = digestOf(bytes);
  const inside = sound.get(sha256) ?? soundInside(file, bytes);
  sound.set(sha256, inside);
  return { ...(await outside(file, bytes, sha256)), ...inside };
}

/** Reads a module without the check, for tests of what a host does with an unsound one. */
export async function loadUncheckedModule(file: string): Promise<WasmModule> {
  const bytes = await readModule(file);
  const inside = insideOf(bytes, { labels: [], rootIds: [] });
  return { ...(await outside(file, bytes, digestOf(bytes))), ...inside };
}

/** The bytes of a file, at once: its few pieces are quicker than the way to a thread and back. Refused with `not_found`. */
export async function readModule(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function soundInside(file: string, bytes: Uint8Array<ArrayBuffer>): Inside {
  assertSound(file, bytes);
  return insideOf(bytes, readManifest(file, bytes));
}

function insideOf(bytes: Uint8Array<ArrayBuffer>, manifest: ModuleManifest): Inside {
  return {
    manifest,
    needsHeldHeaders: hasExport(bytes, heldHeadersExport),
    hasLog: hasExport(bytes, "proxy_on_log"),
  };
}

async function outside(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string,
): Promise<Omit<WasmModule, keyof Inside>> {
  return {
    name: path.basename(file, ".wasm"),
    path: path.resolve(file),
    bytes,
    sha256,
    sources: await sourcesOf(file, sha256),
  };
}

/** Of the modules that were loaded, by their files and digests. */
const sources = new Map<string, Promise<SourceLocations>>();

function sourcesOf(file: string, sha256: string): Promise<SourceLocations> {
  const key = `${sha256} ${file}`;
  const known = sources.get(key) ?? SourceLocations.beside(file);
  sources.set(key, known);
  return known;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** False also for bytes that are no module, which the host will say itself. */
function hasExport(bytes: Uint8Array<ArrayBuffer>, wanted: string): boolean {
  return WebAssembly.validate(bytes) && readInterface(bytes).exports.some(({ name }) => name === wanted);
}
