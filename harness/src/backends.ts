import type { StartBackend, StartNetworkBackend } from "./backend.ts";
import type { FindSite } from "./envoy/envoy-site.ts";

/**
 * The backends by name: `embedded` needs nothing but Node, `envoy` a real Envoy on this machine, `container` a container
 * engine and the package testcontainers.
 *
 * @category Start a proxy
 */
export const backendNames = ["embedded", "envoy", "container"] as const;
/**
 * The name of a backend: `embedded`, `envoy` or `container`.
 *
 * @category Start a proxy
 */
export type BackendName = (typeof backendNames)[number];

/** Those with a real Envoy. */
export const realBackendNames = ["envoy", "container"] as const;
/**
 * The name of a backend with a real Envoy: `envoy` or `container`.
 *
 * @category Start a proxy
 */
export type RealBackendName = (typeof realBackendNames)[number];

/** Loads a backend's code when it is asked for, and not before. */
export async function loadBackend(name: BackendName): Promise<StartBackend> {
  if (name === "embedded") return (await import("./embedded/backend.ts")).startEmbedded;
  if (name === "container") return (await import("./container/backend.ts")).startContainerBackend;
  return (await import("./envoy/backend.ts")).startEnvoyBackend;
}

/** As `loadBackend`, for network filters. */
export async function loadNetworkBackend(name: BackendName): Promise<StartNetworkBackend> {
  if (name === "embedded") return (await import("./embedded/network-backend.ts")).startEmbeddedNetwork;
  if (name === "container") return (await import("./container/backend.ts")).startContainerNetworkBackend;
  return (await import("./envoy/network-backend.ts")).startEnvoyNetworkBackend;
}

/** As `loadBackend`, for what is given to an Envoy as it is. */
export async function loadSite(name: RealBackendName): Promise<FindSite> {
  const site =
    name === "container"
      ? (await import("./container/container-site.ts")).ContainerSite
      : (await import("./envoy/process-site.ts")).ProcessSite;
  return (settings) => site.find(settings);
}
