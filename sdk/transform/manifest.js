/** The custom section in which a module says what its surroundings need to know. */
const SECTION = "proxy_wasm.manifest";

/** Writes the manifest, JSON in UTF-8, into the finished module. */
export function writeManifest(module, manifest) {
  module.addCustomSection(SECTION, new TextEncoder().encode(JSON.stringify(manifest)));
}
