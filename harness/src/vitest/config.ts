import { fileURLToPath } from "node:url";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { backendNames, type BackendName } from "../backends.ts";
import { defined } from "../defined.ts";
import { oneOf, refuseUnknownOptions } from "../options.ts";
import { workersOf } from "../workers.ts";

/**
 * What `backendProjects` makes projects of.
 *
 * @category Write tests
 */
export interface BackendProjectsOptions {
  /** Globs of the spec files. */
  include: string[];
  /** Default: `embedded` and `envoy`, which need no container engine. */
  backends?: readonly BackendName[];
  /** The image of the backend `container`. Default: the official one of Envoy 1.40.0. */
  image?: string;
  /** What `vitest --coverage` counts of filters, with the provider `proxy-wasm-harness/vitest/coverage`. */
  coverage?: FilterCoverageOptions;
  /** Worker threads, as `envoy.concurrency` of each proxy; the projects are then named `envoy-4-workers`. Default: none said. */
  concurrency?: number;
}

/**
 * What `vitest --coverage` counts of filters.
 *
 * @category Coverage
 */
export interface FilterCoverageOptions {
  /** Lines of the SDK, of AssemblyScript's own library and of installed packages are counted, too. Default false. */
  libraries?: boolean;
  /**
   * The build of filters that are named by their folders: `debug`, of which no line was optimised away, or the one that is
   * shipped. Default `debug`, which is compiled before the tests.
   */
  build?: "debug" | "release";
}

const optionNames = ["include", "backends", "image", "coverage", "concurrency"];

/**
 * One vitest project for each backend, named after it, over the same spec files; choose with `--project NAME`. The
 * workspace's filters are compiled before the first test. Refused with `invalid_input` for an unknown option.
 *
 * @category Write tests
 */
export function backendProjects({
  include,
  backends = ["embedded", "envoy"],
  image,
  concurrency,
  coverage,
  ...others
}: BackendProjectsOptions): TestProjectInlineConfiguration[] {
  refuseUnknownOptions("backendProjects", others, optionNames);
  refuseWrong(coverage);
  workersOf(defined({ concurrency }));
  for (const backend of backends) oneOf("backendProjects: backends", backend, backendNames);
  return backends.map((backend) => ({
    test: {
      name: concurrency === undefined ? backend : `${backend}-${concurrency}-workers`,
      include,
      globalSetup: [fileURLToPath(new URL("./build-filters.js", import.meta.url))],
      provide: {
        proxyWasmBackend: backend,
        ...defined({
          proxyWasmImage: image,
          proxyWasmConcurrency: concurrency,
          proxyWasmCoverage: coverage,
        }),
      },
    },
  }));
}

function refuseWrong(coverage: FilterCoverageOptions | undefined): void {
  if (coverage === undefined) return;
  refuseUnknownOptions("backendProjects: coverage", coverage, ["libraries", "build"]);
  oneOf("backendProjects: coverage.build", coverage.build ?? "debug", ["debug", "release"]);
}
