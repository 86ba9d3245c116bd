import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "units",
          include: ["test/{sdk,harness,docs,toolchain}/**/*.test.ts"],
          globalSetup: ["test/guests/build-guests.ts"],
        },
      },
      ...backendProjects({ include: ["test/filters/**/*.test.ts"] }),
    ],
  },
});
