import path from "node:path";
import { inject, type TestAPI } from "vitest";
import type { BackendName } from "../backends.ts";
import type { FilterConfigurations } from "../filter-configurations.ts";
import type { ObservingOptions } from "../observing.ts";
import type { StartedNetworkProxy } from "../network-proxy.ts";
import { startNetworkProxy } from "../start-network.ts";
import type { Configuration, PluginOptions } from "../plugin-options.ts";
import { TcpUpstream } from "../tcp-upstream.ts";
import { Upstream } from "../upstream.ts";
import { defined } from "../defined.ts";
import { envoySettings, lastLook, type FilterTestOptions } from "./filter-test.ts";
import { missing } from "./needs.ts";
import { onSharedEnvoys, type SharedEnvoys } from "./shared-envoys.ts";

/**
 * What a test of a network filter receives. All are its own, and gone when it ends.
 *
 * @category Write tests
 */
export interface NetworkFilterFixtures {
  /** The TCP service behind the proxy. */
  upstream: TcpUpstream;
  /** The services that the filter can call, by the names that the test's options give them. */
  clusters: Readonly<Record<string, Upstream>>;
  /** The listener with the filter, started when the test asks for it. */
  proxy: StartedNetworkProxy;
}

/**
 * As for `filterTest`, but for what HTTP alone has.
 *
 * @category Write tests
 */
export type NetworkFilterTestOptions = Omit<
  FilterTestOptions,
  | "virtualHost"
  | "allowOnHeadersStopIteration"
  | "accessLoggers"
  | "services"
  | "grpcClusters"
  | "startFaults"
  | keyof ObservingOptions
>;

/**
 * A vitest `test` with the fixtures `proxy`, `upstream` and `clusters`.
 *
 * @category Write tests
 */
export type NetworkFilterTest = TestAPI<NetworkFilterFixtures & SharedEnvoys>;

/**
 * As `filterTest`, for a network filter: `proxy.connect()` opens a connection through it.
 *
 * @category Write tests
 */
export function networkFilterTest<Name extends keyof FilterConfigurations>(
  filter: Name,
  configuration: FilterConfigurations[Name] | string | Uint8Array,
  options?: NetworkFilterTestOptions,
): NetworkFilterTest;
export function networkFilterTest<Name extends string>(
  filter: Name extends keyof FilterConfigurations ? never : Name,
  configuration?: Configuration,
  options?: NetworkFilterTestOptions,
): NetworkFilterTest;
export function networkFilterTest(
  filter: string,
  configuration?: Configuration,
  options: NetworkFilterTestOptions = {},
): NetworkFilterTest {
  const { logLevel, allowTraps, limits, allocatorFaults, envoy, needs, clusters, ...plugin } = options;
  const proxyOptions = defined({ logLevel, allowTraps, limits, allocatorFaults, envoy, needs, clusters });
  return networkChainTest([{ ...plugin, filter, configuration }], proxyOptions);
}

/**
 * As `networkFilterTest`, with several network filters in one chain.
 *
 * @category Write tests
 */
export function networkChainTest(
  chain: readonly PluginOptions[],
  options: Pick<
    NetworkFilterTestOptions,
    "logLevel" | "allowTraps" | "limits" | "allocatorFaults" | "envoy" | "needs" | "clusters"
  > = {},
): NetworkFilterTest {
  const { needs = [], clusters: names = [], ...proxyOptions } = options;
  return onSharedEnvoys.extend<NetworkFilterFixtures>({
    upstream: async ({}, use) => use(new TcpUpstream()),
    clusters: async ({}, use) => use(Object.fromEntries(names.map((name) => [name, new Upstream()]))),
    proxy: async ({ envoys, upstream, clusters, task, skip }, use) => {
      const backend = inject("proxyWasmBackend") as BackendName;
      const envoy = envoySettings(proxyOptions.envoy);
      const reason = await missing(backend, needs, envoy);
      if (reason !== null) skip(reason);
      const relativeTo = path.dirname(task.file.filepath);
      const proxy = await startNetworkProxy({
        ...proxyOptions,
        envoy: { pool: envoys, ...envoy },
        backend,
        chain,
        upstream,
        clusters,
        relativeTo,
      });
      await use(proxy);
      task.meta.proxyWasm = await lastLook(proxy, task.result?.state === "fail");
    },
  });
}
