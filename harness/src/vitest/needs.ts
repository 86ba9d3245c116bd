import type { EnvoySettings } from "../backend.ts";
import type { BackendName } from "../backends.ts";
import { imageVersion, wantedImage } from "../container/image-version.ts";
import { findEnvoy } from "../envoy/find.ts";
import { isAtLeast, wantedVersion } from "../envoy/version.ts";
import { defaultVersion } from "../envoy/wheels.ts";

type Feature =
  | "access-log"
  | "admin"
  | "allocator-faults"
  | "cel"
  | "envoy-log"
  | "faults"
  | "http2"
  | "http2-metadata"
  | "limits"
  | "load-balancing"
  | "prometheus"
  | "tls"
  | "tracing"
  | "virtual-clock";

/**
 * What a test can need: what only some backends have, or an Envoy of a minor version or a newer one, `envoy>=1.38`.
 *
 * @category Write tests
 */
export type Need = Feature | `envoy>=${number}`;

const embeddedHas: ReadonlySet<Need> = new Set([
  ...(["allocator-faults", "faults", "http2-metadata", "limits", "virtual-clock"] as const),
]);
const envoyHas: ReadonlySet<Need> = new Set([
  ...(["access-log", "admin", "envoy-log", "tracing"] as const),
  ...(["cel", "prometheus"] as const),
]);

/**
 * Why a test cannot run in a backend, in one line, or null when it can. With `CI=true` a missing Envoy, or a
 * missing container engine, is no reason to skip: the test starts, and fails with what to do.
 */
export async function missing(
  backend: BackendName,
  needs: readonly Need[],
  envoy: Partial<EnvoySettings> = {},
): Promise<string | null> {
  const has = backend === "embedded" ? embeddedHas : envoyHas;
  const lacking = needs.filter((need) => leastVersion(need) === null && !has.has(need));
  if (lacking.length > 0) return `the ${backend} backend has no ${lacking.join(", ")}`;
  if (backend === "embedded") return tooOld("the embedded backend does as", defaultVersion, needs);
  if (backend === "container") return missingInContainers(needs, envoy);
  const found = await findEnvoy(envoy);
  if (found !== null) return tooOld("this is", found.version, needs);
  return process.env["CI"] === "true" ? null : noEnvoy(wantedVersion(envoy)?.version);
}

async function missingInContainers(
  needs: readonly Need[],
  envoy: Partial<EnvoySettings>,
): Promise<string | null> {
  const image = wantedImage(envoy);
  const reason = tooOld(`${image} is`, imageVersion(image), needs);
  if (reason !== null || process.env["CI"] === "true") return reason;
  return (await import("../container/missing.ts")).missingFor(image);
}

function noEnvoy(version: string | undefined): string {
  if (version === undefined) return "no Envoy on this machine: npx proxy-wasm fetch-envoy";
  return `no Envoy ${version} on this machine: npx proxy-wasm fetch-envoy --version ${version}`;
}

function tooOld(what: string, version: string, needs: readonly Need[]): string | null {
  const least = needs.map(leastVersion).find((minor) => minor !== null && !isAtLeast(version, minor));
  return least === undefined ? null : `Envoy ${least} or newer is needed, and ${what} ${version}`;
}

function leastVersion(need: Need): string | null {
  return /^envoy>=(.*)$/.exec(need)?.[1] ?? null;
}
