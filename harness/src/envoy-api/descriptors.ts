import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { createFileRegistry, fromBinary, type FileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { HarnessError } from "../errors.ts";

const folder = new URL("../../envoy-api/", import.meta.url);
const extension = ".binpb.br";
const registries = new Map<string, FileRegistry>();

/**
 * The versions of Envoy whose API is known, oldest first: `1.36`.
 *
 * @category Configure Envoy
 */
export function knownApiVersions(): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(extension));
  return files.map((name) => name.slice(0, -extension.length)).sort(byNumbers);
}

/**
 * Every message, enum and service of a version's v3 API, with what is deprecated and which values are valid (the
 * options of `envoy/annotations` and `validate`). The version is `1.40` or any patch of it, `1.40.0`; refused with
 * `invalid_input` when its API is not known. Read once, in some 40 ms.
 *
 * @category Configure Envoy
 */
export function envoyApi(version: string): FileRegistry {
  const minor = version.split(".", 2).join(".");
  const known = registries.get(minor) ?? readRegistry(minor);
  registries.set(minor, known);
  return known;
}

function readRegistry(minor: string): FileRegistry {
  const versions = knownApiVersions();
  if (!versions.includes(minor)) {
    throw new HarnessError(
      "invalid_input",
      `the API of Envoy ${minor} is not known, only that of ${versions.join(", ")}`,
    );
  }
  const set = brotliDecompressSync(readFileSync(new URL(`${minor}${extension}`, folder)));
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, set));
}

function byNumbers(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
