import type { EnvoySettings, StartBackend, StartNetworkBackend } from "../backend.ts";
import { startAt } from "../envoy/backend.ts";
import { startNetworkAt } from "../envoy/network-backend.ts";
import { HarnessError } from "../errors.ts";
import { ContainerSite } from "./container-site.ts";

/** Starts an Envoy in a container, or takes one from the scenario's pool. Refused as `EnvoyContainer.start` is. */
export const startContainerBackend: StartBackend = async (scenario) =>
  startAt(await siteFor(scenario.envoy), scenario);

/** As `startContainerBackend`, for network filters. */
export const startContainerNetworkBackend: StartNetworkBackend = async (scenario) =>
  startNetworkAt(await siteFor(scenario.envoy), scenario);

async function siteFor(settings: EnvoySettings): Promise<ContainerSite> {
  if (settings.port === 0) return ContainerSite.find(settings);
  throw new HarnessError(
    "unsupported",
    `a container's listener has no port of its own on 127.0.0.1, and ${settings.port} was asked for: leave envoy.port at 0`,
  );
}
