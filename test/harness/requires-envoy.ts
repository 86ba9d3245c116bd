import { findEnvoy } from "proxy-wasm-harness";
import { isCi } from "./requires-ci.ts";

/** Skips a test, visibly, on a machine without an Envoy; with `CI=true` the test goes on, and fails. */
export async function requiresEnvoy(skip: (note: string) => void): Promise<void> {
  if (!isCi && (await findEnvoy()) === null) skip("no Envoy on this machine: npx proxy-wasm fetch-envoy");
}
