// Writes harness/envoy-api/VERSION.binpb.br, Envoy's v3 API as a compressed google.protobuf.FileDescriptorSet, for each
// version named: `node toolchain/envoy-api/update.mjs 1.40.0`. It needs Go, and is run when a version of Envoy is added.
import { mkdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorsOf } from "./go-descriptors.mjs";
import { apiModules } from "./go-modules.mjs";

/** Envoy's v3 messages, and the services that Envoy reports spans, metrics and logs to. */
const wanted = [/^envoy\/(?:.*\/)?v3\//, /^opentelemetry\/proto\/collector\/(?:trace|metrics|logs)\//];

const folder = new URL("../../harness/envoy-api/", import.meta.url);
mkdirSync(folder, { recursive: true });

for (const version of process.argv.slice(2)) {
  const file = closure(filesOf(version));
  const set = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
  const compressed = brotliCompressSync(set, {
    params: {
      [constants.BROTLI_PARAM_SIZE_HINT]: set.length,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  });
  const [minor] = /^\d+\.\d+/.exec(version);
  writeFileSync(new URL(`${minor}.binpb.br`, folder), compressed);
  console.log(`${version}: ${file.length} files, ${set.length} bytes, ${compressed.length} compressed`);
}

function filesOf(version) {
  const files = new Map();
  for (const module of apiModules(version)) {
    for (const bytes of descriptorsOf(module)) {
      const file = fromBinary(FileDescriptorProtoSchema, bytes);
      files.set(file.name, file);
    }
  }
  return files;
}

/** The wanted files and all that they import, what is imported before what imports it. */
function closure(files) {
  const taken = new Map();
  const take = (name, from) => {
    if (taken.has(name)) return;
    const file = files.get(name);
    if (file === undefined) throw new Error(`${from} imports ${name}, which no module has`);
    for (const dependency of file.dependency) take(dependency, name);
    taken.set(name, file);
  };
  for (const name of [...files.keys()].sort())
    if (wanted.some((pattern) => pattern.test(name))) take(name, name);
  return [...taken.values()];
}
