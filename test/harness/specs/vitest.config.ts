import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

/** Runs the specs beside it, which are fixtures of the tests above: most of them are meant to fail. */
export default defineConfig({ test: { projects: backendProjects({ include: ["*.spec.ts"] }) } });
