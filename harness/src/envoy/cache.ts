import { homedir } from "node:os";
import path from "node:path";

/** Where fetched Envoys are kept: below `XDG_CACHE_HOME`, else the cache folder of the platform. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const base = environment["XDG_CACHE_HOME"];
  return path.join(base === undefined || base === "" ? platformCache() : base, "proxy-wasm-harness");
}

/** Where an Envoy of some version is kept, whether it is there or not. */
export function cachedEnvoy(
  version: string,
  environment?: Readonly<Record<string, string | undefined>>,
): string {
  return path.join(cacheFolder(environment), `envoy-${version}`, "envoy");
}

function platformCache(): string {
  return process.platform === "darwin"
    ? path.join(homedir(), "Library", "Caches")
    : path.join(homedir(), ".cache");
}
