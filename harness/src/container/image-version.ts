import type { EnvoySettings } from "../backend.ts";
import { wantedVersion } from "../envoy/version.ts";
import { defaultVersion } from "../envoy/wheels.ts";
import { officialImage } from "./local-image.ts";

/** The image that is asked for by name or by version; else the official one of Envoy 1.40.0. */
export function wantedImage(settings: Pick<EnvoySettings, "image" | "version">): string {
  if (settings.image !== undefined) return settings.image;
  const { version = defaultVersion } = wantedVersion(settings) ?? {};
  const isWhole = version.split(".").length === 3;
  return officialImage(isWhole ? version : `${version}-latest`);
}

/** The version of Envoy that an image's tag names, `v1.38.2` or `distroless-v1.38-latest`; 1.40.0 when it names none. */
export function imageVersion(image: string): string {
  const tag = /:([^:/]*)$/.exec(image.replace(/@.*/, ""))?.[1] ?? "";
  return /(?:^|-)v?(\d+\.\d+(?:\.\d+)?)/.exec(tag)?.[1] ?? defaultVersion;
}
