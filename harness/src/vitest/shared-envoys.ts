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

/** One pool, though vitest asks for a worker's fixture once for every test that was made by `extend`. */
let shared = new EnvoyPool();
let users = 0;

/** Extended here, and not by each `filterTest`: vitest takes fixtures of a worker at the top of a file only. */
export const onSharedEnvoys = test.extend<SharedEnvoys>({
  envoys: [
    async ({}, use) => {
      users++;
      await use(shared);
      users--;
      if (users > 0) return;
      const unused = shared;
      shared = new EnvoyPool();
      await unused[Symbol.asyncDispose]();
    },
    { scope: "worker" },
  ],
});
