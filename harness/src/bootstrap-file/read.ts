import { readFile } from "node:fs/promises";
import { fromJson, toJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { parseDocument } from "yaml";
import { BootstrapSchema } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import { envoyApi } from "../envoy-api/descriptors.ts";
import { HarnessError } from "../errors.ts";
import { unreadable } from "../unreadable.ts";

/**
 * A bootstrap in YAML or JSON, as canonical JSON: every field by its name in the API, every extension checked against the
 * API of that version. Refused with `not_found`, or with `invalid_input` and the path when Envoy would refuse it.
 */
export async function readBootstrap(file: string, version: string): Promise<JsonObject> {
  const document = parseDocument(await textOf(file), { merge: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw invalid(file, problem.message, problem);
  const registry = envoyApi(version);
  try {
    const message = fromJson(BootstrapSchema, document.toJS() as JsonValue, { registry });
    return toJson(BootstrapSchema, message, { registry, useProtoFieldName: true }) as JsonObject;
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function invalid(file: string, reason: string, cause: unknown): HarnessError {
  const lint = `\`npx proxy-wasm lint ${file}\` shows where, and what else there is.`;
  return new HarnessError("invalid_input", `${file} is no bootstrap of Envoy: ${reason}\n${lint}`, { cause });
}
