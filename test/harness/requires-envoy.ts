import { findEnvoy } from "proxy-wasm-harness";

/** Skips a test, visibly, on a machine without an Envoy; with `CI=true` the test goes on, and fails. */
export async function requiresEnvoy(skip: (note: string) => void): Promise<void> {
  if (process.env["CI"] !== "true" && (await findEnvoy()) === null)
    skip("no Envoy on this machine: npx proxy-wasm fetch-envoy");
}
