import path from "node:path";
import type { TestProject } from "vitest/node";
import { findWorkspace } from "../module/find.ts";
import { buildWorkspace, debugBuilds } from "../module/workspace.ts";
import { countsFilters } from "./coverage/provider.ts";

/** vitest's global set-up: compiles the workspace's filters where they changed; to be counted, without optimisation too. */
export default async function buildFilters(project: TestProject): Promise<void> {
  await build(process.cwd());
  if (!countsFilters(project) || project.config.provide.proxyWasmCoverage?.build === "release") return;
  const outFolder = path.join(findWorkspace(process.cwd()), debugBuilds);
  await build(process.cwd(), { outFolder, isUnoptimised: true });
  project.provide("proxyWasmDebugBuilds", outFolder);
}

async function build(...workspace: Parameters<typeof buildWorkspace>): Promise<void> {
  for await (const built of buildWorkspace(...workspace)) {
    if (built.isNew) console.log(`built ${built.name} (${built.byteLength} bytes)`);
  }
}
