import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

const testTimeout = 30_000;
const buildGuests = "test/guests/build-guests.ts";
/** What differs between one worker and several; with `CI=true` all tests of the filters run on both. */
const forWorkers = "test/filters/*/{scenarios,workers,traps,active,isolation}.test.ts";
const onEveryBackend = backendProjects({ include: ["test/{abi,filters}/**/*.test.ts"] });
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
/** A container takes seconds to start: the files of a worker have it one after the other, as their tests do. */
const keptContainers = inContainers.map(({ test }) => ({ test: { ...test, isolate: false } }));

export default defineConfig({
  test: {
    maxWorkers: "100%", // the tests mostly wait for compilers and Envoys
    projects: [
      {
        test: {
          name: "units",
          testTimeout,
          hookTimeout: testTimeout, // compilers and real Envoys run in the tests
          include: ["test/{docs,fuzz,harness,platforms,sdk,toolchain,topologies,units}/**/*.test.ts"],
          globalSetup: [buildGuests],
        },
      },
      ...[...onEveryBackend, ...onFourWorkers, ...keptContainers].map(({ test }) => ({
        test: { ...test, testTimeout, globalSetup: [...(test?.globalSetup ?? []), buildGuests] },
      })),
    ],
  },
});
