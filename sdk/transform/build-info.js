import { createHash } from "node:crypto";
import path from "node:path/posix";
import { version as compiler } from "assemblyscript/asc";

const UNVERSIONED = "none";

/** The labels of the gauge that each filter publishes. */
export const BUILD_LABELS = ["build", "filter", "version"];

/**
 * Twelve hexadecimal digits that stand for the compiler's version and every source of a program, by path and content: two
 * modules with the same ones were built from the same, wherever that was.
 */
export function buildId(sources) {
  const hash = createHash("sha256").update(compiler);
  const texts = sources.map(({ internalPath, text }) => `\0${internalPath}\0${text}`);
  for (const text of texts.sort()) hash.update(text);
  return hash.digest("hex").slice(0, 12);
}

/** The version of the nearest package.json that has one, from a source's folder up to the project's; "none" without. */
export async function versionOf({ normalizedPath }, read) {
  for (let folder = path.dirname(normalizedPath); ; folder = path.dirname(folder)) {
    const text = await read(path.join(folder, "package.json"));
    const version = text === null ? undefined : JSON.parse(text).version;
    if (typeof version === "string") return version;
    if (folder === "." || folder === "/") return UNVERSIONED;
  }
}

/** The name of the gauge, its labels in the form that the SDK gives them. */
export function buildInfoName(filter, version, build) {
  const labels = { filter, version, build };
  return `proxy_wasm.build_info${Object.entries(labels).map(encodeLabel).join("")}`;
}

/** As `encodeLabel` of the SDK: a value can neither end early nor pose as another. */
function encodeLabel([name, value]) {
  const bytes = [...new TextEncoder().encode(value)];
  const plain = (byte) => byte >= 0x20 && byte <= 0x7e && !'"%\\{}'.includes(String.fromCharCode(byte));
  const encoded = bytes.map((byte) =>
    plain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `{${name}=${encoded.join("")}}`;
}
