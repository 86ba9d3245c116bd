import type { BackendName, EnvoyPool } from "proxy-wasm-harness";
import { chainTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";

/** A test that starts its proxies itself. What it is given are the Envoys that the tests of a worker share. */
export const test = chainTest([]);

/** The backend that the vitest project chose. */
export const backend = inject("proxyWasmBackend") as BackendName;

/** What lets a proxy run there, in one of these Envoys and with the project's number of worker threads, if it has one. */
export function inProject(envoys: EnvoyPool) {
  const concurrency = inject("proxyWasmConcurrency");
  return { backend, envoy: { pool: envoys, ...(concurrency === undefined ? {} : { concurrency }) } };
}
