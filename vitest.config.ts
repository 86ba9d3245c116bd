import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

/** A bound for what hangs, and for nothing else: on a busy machine a test takes twenty times as long as on an idle one. */
const testTimeout = 180_000;
/**
 * Files that share a process share what was loaded and the Envoys that run; the harness is loaded as it is for its users.
 * What is waited for has so long to come, unless its test says otherwise.
 */
const shared = {
  isolate: false,
  testTimeout,
  hookTimeout: testTimeout, // compilers and real Envoys run in them, too
  server: { deps: { external: [/\/harness\/(api|dist)\//] } },
  expect: { poll: { timeout: 30_000 } },
};
/** What differs between one worker and several; with `CI=true` all tests of the filters run on both. */
const forWorkers = "test/filters/*/{scenarios,workers,traps,active,isolation}.test.ts";
const onEveryBackend = backendProjects({ include: ["test/{abi,faults,filters,modules}/**/*.test.ts"] });
const onFourWorkers = backendProjects({
  backends: ["envoy"],
  concurrency: 4,
  include: [process.env["CI"] === "true" ? "test/filters/**/*.test.ts" : forWorkers],
});
const inContainers = backendProjects({
  backends: ["container"],
  include: [
    "test/filters/*/scenarios.test.ts",
    "test/harness/scenario{,-protocols,-updates,-observing}.test.ts",
    "test/topologies/*.test.ts",
    `test/abi/{${[
      ...["buffers", "configure", "contexts", "grpc", "http-calls", "http-fields", "local-replies"],
      ...["metrics", "shared-data", "shutdown", "tcp-streams", "timers"],
    ].join(",")}}.test.ts`,
  ],
});

export default defineConfig({
  test: {
    maxWorkers: "100%", // the tests mostly wait for compilers and Envoys
    globalSetup: ["test/guests/build-guests.ts", "test/modules/unpack.ts"], // once for all projects
    projects: [
      {
        test: {
          name: "units",
          ...shared,
          include: [
            "test/{differential,docs,fuzz,harness,platforms,sdk,toolchain,topologies,units}/**/*.test.ts",
          ],
        },
      },
      ...[...onEveryBackend, ...onFourWorkers, ...inContainers].map(({ test }) => ({
        test: { ...test, ...shared },
      })),
    ],
  },
});
