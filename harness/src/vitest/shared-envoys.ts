import { test } from "vitest";
import { EnvoyPool } from "../envoy/envoy-pool.ts";

/**
 * What every test has besides.
 *
 * @category Write tests
 */
export interface SharedEnvoys {
  /** The Envoys that the tests of a worker share; for proxies that a test starts itself: `envoy: { pool: envoys }`. */
  envoys: EnvoyPool;
}

/** Extended here, and not by each `filterTest`: vitest takes fixtures of a worker at the top of a file only. */
export const onSharedEnvoys = test.extend<SharedEnvoys>({
  envoys: [
    async ({}, use) => {
      const envoys = new EnvoyPool();
      await use(envoys);
      await envoys[Symbol.asyncDispose]();
    },
    { scope: "worker" },
  ],
});
