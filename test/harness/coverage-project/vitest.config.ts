import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

const projects = backendProjects({ include: ["specs/*.spec.ts"] });
/** The harness is loaded as it is for its users, which is quicker, too. */
const server = { deps: { external: [/\/harness\/(api|dist)\//] } };

/** Two spec files, each in a worker of its own, whose filter is counted. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    coverage: { provider: "custom", customProviderModule: "proxy-wasm-harness/vitest/coverage" },
    projects: projects.map(({ test }) => ({ test: { ...test, server, testTimeout: 180_000 } })),
  },
});
