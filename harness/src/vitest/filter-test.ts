import path from "node:path";
import { inject, type TestAPI } from "vitest";
import type { EnvoySettings } from "../backend.ts";
import type { BackendName } from "../backends.ts";
import { defined } from "../defined.ts";
import type { FilterConfigurations } from "../filter-configurations.ts";
import type { StartedNetworkProxy } from "../network-proxy.ts";
import type { StartedProxy } from "../proxy.ts";
import type { StartedScenario } from "../scenario/started-scenario.ts";
import type { Configuration, PluginOptions } from "../plugin-options.ts";
import type { ProxyOptions } from "../proxy-options.ts";
import { startProxy } from "../start.ts";
import type { ObservingOptions } from "../observing.ts";
import { GrpcUpstream } from "../grpc/upstream.ts";
import { Upstream } from "../upstream.ts";
import type { FilterCoverageOptions } from "./config.ts";
import { missing, type Need } from "./needs.ts";
import { onSharedEnvoys, type SharedEnvoys } from "./shared-envoys.ts";

/**
 * What a test receives. Both are its own, and gone when it ends.
 *
 * @category Write tests
 */
export interface FilterFixtures {
  /** The service behind the proxy. */
  upstream: Upstream;
  /** The services that the filter can call, by the names that the test's options give them. */
  clusters: Readonly<Record<string, Upstream>>;
  /** The gRPC services that the filter can call, by the names that the test's options give them. */
  grpcClusters: Readonly<Record<string, GrpcUpstream>>;
  /** The proxy with the filter, started when the test asks for it. */
  proxy: StartedProxy;
}

/** What is said of the proxy, and not of its filters. */
type SharedOption =
  | "logLevel"
  | "allowTraps"
  | "limits"
  | "allocatorFaults"
  | "startFaults"
  | "envoy"
  | "virtualHost"
  | "accessLoggers"
  | "services"
  | "configDiscovery"
  | keyof ObservingOptions;

/**
 * Options of the tests that a `filterTest` makes, beside the filter and its configuration.
 *
 * @category Write tests
 */
export interface FilterTestOptions
  extends Pick<ProxyOptions, SharedOption>, Omit<PluginOptions, "filter" | "configuration"> {
  /** What the tests need and not every backend has; elsewhere they are skipped with the reason. */
  needs?: readonly Need[];
  /** The names of the clusters that the filter can call; each is an `Upstream` of the test's own. */
  clusters?: readonly string[];
  /** The names of the clusters of gRPC services that the filter can call; each is a `GrpcUpstream` of the test's own. */
  grpcClusters?: readonly string[];
}

/**
 * A vitest `test` with the fixtures `proxy` and `upstream`.
 *
 * @category Write tests
 */
export type FilterTest = TestAPI<FilterFixtures & SharedEnvoys>;

/**
 * Makes a `test` whose proxy runs one filter, in the backend that the vitest project chose (`backendProjects`).
 * The filter is a folder in `filters/`, or a `.wasm` path relative to the spec file. The test fails when the filter
 * traps, even after its last assertion.
 *
 * @category Write tests
 */
export function filterTest<Name extends keyof FilterConfigurations>(
  filter: Name,
  configuration: FilterConfigurations[Name] | string | Uint8Array,
  options?: FilterTestOptions,
): FilterTest;
export function filterTest<Name extends string>(
  filter: Name extends keyof FilterConfigurations ? never : Name,
  configuration?: Configuration,
  options?: FilterTestOptions,
): FilterTest;
export function filterTest(
  filter: string,
  configuration?: Configuration,
  options: FilterTestOptions = {},
): FilterTest {
  const { logLevel, allowTraps, envoy, virtualHost, needs, clusters, grpcClusters, ...rest } = options;
  const { accessLoggers, services, configDiscovery, accessLog, tracing, envoyLogLevels, ...others } = rest;
  const { limits, allocatorFaults, startFaults, ...plugin } = others;
  const proxyOptions = defined({
    ...{ logLevel, allowTraps, envoy, virtualHost, needs, clusters, grpcClusters },
    ...{ accessLoggers, services, configDiscovery, limits, allocatorFaults, startFaults },
    ...{ accessLog, tracing, envoyLogLevels },
  });
  return chainTest([{ ...plugin, filter, configuration }], proxyOptions);
}

/**
 * As `filterTest`, with several filters in one chain.
 *
 * @category Write tests
 */
export function chainTest(
  chain: readonly PluginOptions[],
  options: Pick<FilterTestOptions, SharedOption | "needs" | "clusters" | "grpcClusters"> = {},
): FilterTest {
  const { needs = [], clusters: names = [], grpcClusters: grpcNames = [], ...proxyOptions } = options;
  return onSharedEnvoys.extend<FilterFixtures>({
    upstream: async ({}, use) => use(new Upstream()),
    clusters: async ({}, use) => use(Object.fromEntries(names.map((name) => [name, new Upstream()]))),
    grpcClusters: async ({}, use) =>
      use(Object.fromEntries(grpcNames.map((name) => [name, new GrpcUpstream()]))),
    proxy: async ({ envoys, upstream, clusters, grpcClusters, task, skip }, use) => {
      const backend = inject("proxyWasmBackend") as BackendName;
      const envoy = envoySettings(proxyOptions.envoy);
      const reason = await missing(backend, needs, envoy);
      if (reason !== null) skip(reason);
      const proxy = await startProxy({
        ...proxyOptions,
        envoy: { pool: envoys, ...envoy },
        backend,
        chain,
        upstream,
        clusters,
        grpcClusters,
        relativeTo: path.dirname(task.file.filepath),
      });
      await use(proxy);
      task.meta.proxyWasm = await lastLook(proxy, task.result?.state === "fail");
    },
  });
}

/** What the project says of the backend, and the test may say otherwise. */
export function envoySettings(ofTest: Partial<EnvoySettings> = {}): Partial<EnvoySettings> {
  const ofProject = { image: inject("proxyWasmImage"), concurrency: inject("proxyWasmConcurrency") };
  return { ...defined(ofProject), ...ofTest };
}

/** Stops a proxy. A trap that nothing else showed, or that the test swallowed, fails the test here. */
export async function lastLook(
  proxy: StartedProxy | StartedNetworkProxy | StartedScenario,
  hasFailed: boolean,
): Promise<ProxyWasmMeta> {
  try {
    await proxy.settled();
    if (proxy.reported !== null && !hasFailed) throw proxy.reported;
    return {
      backend: proxy.backend,
      hostCalls: proxy.hostCalls,
    };
  } finally {
    await proxy[Symbol.asyncDispose]();
  }
}

/**
 * What a test's `task.meta` says for reporters.
 *
 * @category Write tests
 */
export interface ProxyWasmMeta {
  /** Which backend the test ran on. */
  readonly backend: BackendName;
  /** Host calls that the filters made during the test; 0 when its log level leaves the transcript empty. */
  readonly hostCalls: number;
}

declare module "vitest" {
  interface TaskMeta {
    proxyWasm?: ProxyWasmMeta;
  }
  interface ProvidedContext {
    proxyWasmBackend: string;
    proxyWasmImage?: string;
    proxyWasmConcurrency?: number;
    proxyWasmCoverage?: FilterCoverageOptions;
    /** The folder of debug builds, when lines are counted in them. */
    proxyWasmDebugBuilds?: string;
  }
}
