import type { BackendName } from "../backends.ts";
import { findEnvoy } from "../envoy/find.ts";

/**
 * What a test can need that only some backends have.
 *
 * @category Write tests
 */
export type Need =
  | "cel"
  | "filter-state"
  | "http2"
  | "http2-metadata"
  | "load-balancing"
  | "prometheus"
  | "tls"
  | "virtual-clock";

const embeddedHas: ReadonlySet<Need> = new Set(["http2-metadata", "virtual-clock"]);
const envoyHas: ReadonlySet<Need> = new Set(["cel", "filter-state", "prometheus"]);

/**
 * Why a test cannot run in a backend, in one line, or null when it can. With `CI=true` a missing Envoy is no reason to
 * skip: the test starts, and fails with what to do.
 */
export async function missing(backend: BackendName, needs: readonly Need[]): Promise<string | null> {
  const has = backend === "embedded" ? embeddedHas : envoyHas;
  const lacking = needs.filter((need) => !has.has(need));
  if (lacking.length > 0) return `the ${backend} backend has no ${lacking.join(", ")}`;
  if (backend === "embedded" || process.env["CI"] === "true" || (await findEnvoy()) !== null) return null;
  return "no Envoy on this machine: npx proxy-wasm fetch-envoy";
}
