import path from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { objectsIn } from "./walk.ts";

/** Envoy looks for files from where it was started: here, from the folder of the bootstrap. */
export function resolveFiles(bootstrap: JsonObject, folder: string): void {
  for (const object of objectsIn(bootstrap)) {
    const { filename } = object;
    if (typeof filename === "string") object["filename"] = path.resolve(folder, filename);
  }
}
