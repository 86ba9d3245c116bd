// Envoy in containers. Needs the package testcontainers, which is loaded when this module is.
export { upstreamAddress } from "./engine-address.ts";
export { EnvoyContainer } from "./envoy-container.ts";
export { buildLocalImage, type LocalImageOptions } from "./local-image.ts";
export { requireContainers } from "./requirements.ts";
export { StartedEnvoyContainer } from "./started-envoy-container.ts";
