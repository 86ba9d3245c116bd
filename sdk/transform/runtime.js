/** The library's files that make up the runtime which `--runtime minimal` names. */
const LIBRARY_RUNTIME = new Set(["~lib/rt/index-minimal", "~lib/rt/tlsf", "~lib/rt/tcms"]);

const IMPORT = 'import "as-proxy-wasm/assembly/runtime/objects";';

/** Puts the SDK's runtime in the place of the library's: its functions have the names that the compiler looks for. */
export function replaceRuntime(parser) {
  for (const source of parser.sources) {
    if (LIBRARY_RUNTIME.has(source.internalPath)) source.statements = [];
  }
  parser.parseFile(IMPORT, "proxy-wasm-runtime.ts", true);
}
