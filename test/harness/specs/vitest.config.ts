import { defineConfig } from "vitest/config";
import { backendNames } from "proxy-wasm-harness";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

const image = process.env["SPEC_IMAGE"];

/** Runs the specs beside it, which are fixtures of the tests above: most of them are meant to fail. */
export default defineConfig({
  test: {
    projects: [
      ...backendProjects({
        include: ["*.spec.ts"],
        backends: backendNames,
        ...(image !== undefined && { image }),
      }),
      ...backendProjects({ include: ["*.spec.ts"], backends: ["envoy"], concurrency: 4 }),
    ],
  },
});
