import { HarnessError } from "../errors.ts";

/** What a module says of itself in the custom section `proxy_wasm.manifest`; all is empty where it has none. */
export interface ModuleManifest {
  /** The labels of its metrics, which stand in their names as `{label=value}`. */
  readonly labels: readonly string[];
  /** The `root_id` of each filter in it; empty where it does not say. */
  readonly rootIds: readonly string[];
}

const section = "proxy_wasm.manifest";

/** Reads the manifest of a sound module. Refused with `module_refused` when the section is no manifest. */
export function readManifest(file: string, bytes: Uint8Array<ArrayBuffer>): ModuleManifest {
  const [content] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), section);
  if (content === undefined) return { labels: [], rootIds: [] };
  const manifest = parseManifest(new TextDecoder().decode(content));
  if (manifest === null)
    throw new HarnessError(
      "module_refused",
      `${file}: its custom section ${section} is no manifest: build it anew`,
    );
  return manifest;
}

/** Null when the text is no manifest. One that an older SDK wrote has no `rootIds`. */
function parseManifest(text: string): ModuleManifest | null {
  try {
    const { labels, rootIds = [] } = JSON.parse(text) as { labels?: unknown; rootIds?: unknown };
    return isTexts(labels) && isTexts(rootIds) ? { labels, rootIds } : null;
  } catch {
    return null;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
