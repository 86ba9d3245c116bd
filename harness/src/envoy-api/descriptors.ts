import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { FileRegistry } from "@bufbuild/protobuf";
import { HarnessError } from "../errors.ts";
import { LazyRegistry } from "./lazy-registry.ts";

const folder = new URL("../../envoy-api/", import.meta.url);
const extension = ".binpb.br";
let known: readonly string[] | null = null;
const registries = new Map<string, FileRegistry>();

/**
 * The versions of Envoy whose API is known, oldest first: `1.36`.
 *
 * @category Configure Envoy
 */
export function knownApiVersions(): readonly string[] {
  return (known ??= readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort((left, right) => minorOf(left) - minorOf(right)));
}

/**
 * Every message, enum and service of a version's v3 API, with what is deprecated and which values are valid (the
 * options of `envoy/annotations` and `validate`). The version is `1.40` or any patch of it, `1.40.0`; refused with
 * `invalid_input` when its API is not known. Read when it is asked for,
 * file by file.
 *
 * @category Configure Envoy
 */
export function envoyApi(version: string): FileRegistry {
  const minor = version.split(".", 2).join(".");
  const registry = registries.get(minor) ?? readRegistry(minor);
  registries.set(minor, registry);
  return registry;
}

function readRegistry(minor: string): FileRegistry {
  const versions = knownApiVersions();
  if (!versions.includes(minor)) {
    throw new HarnessError(
      "invalid_input",
      `the API of Envoy ${minor} is not known, only that of ${versions.join(", ")}`,
    );
  }
  return new LazyRegistry(brotliDecompressSync(readFileSync(new URL(`${minor}${extension}`, folder))));
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}
