import { existsSync } from "node:fs";
import path from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { objectsIn } from "./walk.ts";

/** Envoy looks for files from where it was started: here, from the folder of the bootstrap. Returns those that are there. */
export function resolveFiles(bootstrap: JsonObject, folder: string): string[] {
  const files = new Set<string>();
  for (const object of objectsIn(bootstrap)) {
    const { filename } = object;
    if (typeof filename !== "string") continue;
    const file = (object["filename"] = path.resolve(folder, filename));
    files.add(file);
  }
  return [...files].filter((file) => existsSync(file));
}
