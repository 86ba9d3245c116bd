import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

const buildGuests = "test/guests/build-guests.ts";
const onEveryBackend = backendProjects({ include: ["test/{abi,filters}/**/*.test.ts"] });

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "units",
          include: ["test/{docs,fuzz,harness,sdk,toolchain}/**/*.test.ts"],
          globalSetup: [buildGuests],
        },
      },
      ...onEveryBackend.map(({ test }) => ({
        test: { ...test, globalSetup: [...(test?.globalSetup ?? []), buildGuests] },
      })),
    ],
  },
});
