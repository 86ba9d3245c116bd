import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

export default defineConfig({ test: { projects: backendProjects({ include: ["test/**/*.test.ts"] }) } });
