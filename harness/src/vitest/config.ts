import { fileURLToPath } from "node:url";
import type { TestProjectInlineConfiguration } from "vitest/config";
import type { BackendName } from "../backends.ts";
import { defined } from "../defined.ts";

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
  /** Worker threads of a real Envoy; the projects are then named `envoy-4-workers`. Default: 1. */
  concurrency?: number;
}

/**
 * One vitest project for each backend, named after it, over the same spec files; choose with `--project NAME`. The
 * workspace's filters are compiled before the first test.
 *
 * @category Write tests
 */
export function backendProjects({
  include,
  backends = ["embedded", "envoy"],
  image,
  concurrency,
}: BackendProjectsOptions): TestProjectInlineConfiguration[] {
  return backends.map((backend) => ({
    test: {
      name: concurrency === undefined ? backend : `${backend}-${concurrency}-workers`,
      include,
      globalSetup: [fileURLToPath(new URL("./build-filters.js", import.meta.url))],
      provide: {
        proxyWasmBackend: backend,
        ...defined({ proxyWasmImage: image, proxyWasmConcurrency: concurrency }),
      },
    },
  }));
}
