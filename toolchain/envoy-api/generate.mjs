// Writes harness/api/, the TypeScript of Envoy's newest API, from its descriptors, unless it is there: exact names and
// types of every message, and their JSON forms. Nothing of it is committed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

const harness = new URL("../../harness/", import.meta.url);
const descriptors = new URL("envoy-api/1.40.binpb.br", harness);
const target = new URL("api/", harness);
const stamp = new URL(".generated-from", target);
const plugin = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/package.json");
const parameter = "target=js+dts,json_types=true,import_extension=js";

/** Generates harness/api/ when its descriptors or its generator have changed. */
export function generateEnvoyApi() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const folder = new URL(`api.${process.pid}/`, harness);
  for (const { name, content } of generated()) {
    const file = new URL(name, folder);
    mkdirSync(path.dirname(file.pathname), { recursive: true });
    writeFileSync(file, content);
  }
  writeFileSync(new URL(".generated-from", folder), wanted);
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target); // in one step: no half of an API is found
}

function fingerprint() {
  const digest = createHash("sha256").update(readFileSync(descriptors)).digest("hex");
  const { version } = JSON.parse(readFileSync(plugin, "utf8"));
  return `${digest} ${version} ${parameter}\n`;
}

function generated() {
  const { file } = fromBinary(FileDescriptorSetSchema, brotliDecompressSync(readFileSync(descriptors)));
  const fileToGenerate = file.map(({ name }) => name).filter((name) => !name.startsWith("google/protobuf/"));
  const input = create(CodeGeneratorRequestSchema, { fileToGenerate, parameter, protoFile: file });
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [path.join(path.dirname(plugin), "bin/protoc-gen-es")],
    { input: toBinary(CodeGeneratorRequestSchema, input), maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(`protoc-gen-es failed: ${stderr}`);
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== "") throw new Error(`protoc-gen-es failed: ${response.error}`);
  return response.file;
}
