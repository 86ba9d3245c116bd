import { buildWorkspace } from "../module/workspace.ts";

/** vitest's global set-up: compiles the workspace's filters where they changed. */
export default async function buildFilters(): Promise<void> {
  for await (const built of buildWorkspace(process.cwd())) {
    if (built.isNew) console.log(`built ${built.name} (${built.byteLength} bytes)`);
  }
}
