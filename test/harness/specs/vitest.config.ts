import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

const image = process.env["SPEC_IMAGE"];
/** Those of the harness, which takes as long to load as vitest does. */
const backendNames = ["embedded", "envoy", "container"] as const;
/** The harness is loaded as it is for its users, which is quicker, too. */
const server = { deps: { external: [/\/harness\/(api|dist)\//] } };
/** A process of its own for each spec would take longer to load than the spec takes. */
const isolate = false;

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
    ].map(({ test }) => ({ test: { ...test, server, isolate, testTimeout: 180_000 } })),
  },
});
