import { HarnessError } from "../errors.ts";

/** What a module says of itself in the custom section `proxy_wasm.manifest`; all is empty where it has none. */
export interface ModuleManifest {
  /** The labels of its metrics, which stand in their names as `{label=value}`. */
  readonly labels: readonly string[];
}

const section = "proxy_wasm.manifest";

/** Reads the manifest of a sound module. Refused with `module_refused` when the section is no manifest. */
export function readManifest(file: string, bytes: Uint8Array<ArrayBuffer>): ModuleManifest {
  const [content] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), section);
  if (content === undefined) return { labels: [] };
  const labels = labelsOf(new TextDecoder().decode(content));
  if (labels === null)
    throw new HarnessError(
      "module_refused",
      `${file}: its custom section ${section} is no manifest: build it anew`,
    );
  return { labels };
}

function labelsOf(text: string): string[] | null {
  try {
    const { labels } = JSON.parse(text) as { labels?: unknown };
    return Array.isArray(labels) && labels.every((label) => typeof label === "string") ? labels : null;
  } catch {
    return null;
  }
}
