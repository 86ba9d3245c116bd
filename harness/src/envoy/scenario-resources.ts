import { TypedExtensionConfigSchema } from "../../api/envoy/config/core/v3/extension_pb.js";
import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import {
  HttpConnectionManager_CodecType,
  type HttpFilterSchema,
} from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { ListenerPlugins, NetworkScenario, Plugin, Scenario, VirtualHost } from "../backend.ts";
import { overAds } from "../scenario/ads.ts";
import { cluster, clusterMessage } from "../scenario/cluster.ts";
import { listener } from "../scenario/listener.ts";
import type { Fields } from "../scenario/merge.ts";
import { clusterResource, listenerResources } from "../scenario/resources.ts";
import {
  filterMetadata,
  route,
  virtualHost,
  type VirtualHost as EnvoyVirtualHost,
} from "../scenario/route.ts";
import { bareSurroundings } from "../scenario/surroundings.ts";
import { tcpProxy } from "../scenario/tcp-proxy.ts";
import { wasmAccessLogger, wasmFilter, wasmNetworkFilter } from "../scenario/wasm.ts";
import { resource, type Resource } from "../xds/resource.ts";
import type { Isolation } from "./isolation.ts";
import { observersFor } from "./observing-resources.ts";

/** The name of the listener, and the prefix of its stats, but for the mark of its isolation. */
export const proxyListener = "proxy";
export const upstreamCluster = "upstream";

/** Where the servers of a test listen, by the names of their clusters. */
export interface ServerPorts {
  readonly upstream: number;
  readonly clusters: Readonly<Record<string, number>>;
  readonly grpcClusters: Readonly<Record<string, number>>;
}

/** The clusters of a scenario, for Envoy's bootstrap. */
export function clustersOf(ports: ServerPorts, { mark }: Isolation): Cluster[] {
  return clusterParts(ports).map((parts) => clusterMessage(parts, bareSurroundings(mark)));
}

/** As xDS carries them. */
export function clusterResources(ports: ServerPorts, { mark }: Isolation): Resource[] {
  return clusterParts(ports).map((parts) => clusterResource(parts, bareSurroundings(mark)));
}

function clusterParts({ upstream, clusters, grpcClusters }: ServerPorts) {
  const made = ([name, port]: [string, number], protocol: "h1" | "h2") =>
    cluster(name, `127.0.0.1:${port}`, { protocol });
  return [
    made([upstreamCluster, upstream], "h1"),
    ...Object.entries(clusters).map((one) => made(one, "h1")),
    ...Object.entries(grpcClusters).map((one) => made(one, "h2")),
  ];
}

/** The listener of a scenario, with the plugins that it is to have now. */
export function httpListener(scenario: Scenario, plugins: ListenerPlugins, isolation: Isolation): Resource[] {
  const parts = listener(proxyListener, {
    httpFilters: isolation
      .plugins(plugins.plugins)
      .map(scenario.isConfigDiscovered ? discoveredFilter : inlineFilter),
    virtualHosts: [routesToUpstream(scenario.virtualHost)],
    accessLoggers: isolation.plugins(plugins.accessLoggers).map(wasmAccessLogger),
    httpConnectionManager: {
      codecType: HttpConnectionManager_CodecType.HTTP1,
      ...observersFor(scenario.observing, isolation),
    },
    port: scenario.envoy.port,
  });
  return listenerResources(parts, bareSurroundings(isolation.mark));
}

/** As `httpListener`, with network filters before `tcp_proxy`. */
export function networkListener({ plugins, envoy }: NetworkScenario, isolation: Isolation): Resource[] {
  const parts = listener(proxyListener, {
    filters: [...isolation.plugins(plugins).map(wasmNetworkFilter), tcpProxy(upstreamCluster)],
    port: envoy.port,
  });
  return listenerResources(parts, bareSurroundings(isolation.mark));
}

function routesToUpstream({ name, metadata, routes }: VirtualHost): EnvoyVirtualHost {
  return virtualHost(name, ["*"], {
    routes: routes.map(({ prefix, ...settings }) => route(prefix, upstreamCluster, settings)),
    with: { metadata: filterMetadata(metadata) },
  });
}

type HttpFilter = Fields<typeof HttpFilterSchema>;

function inlineFilter(plugin: Plugin, position: number): HttpFilter {
  return { name: filterName(position), configType: { case: "typedConfig", value: wasmFilter(plugin) } };
}

/** A filter that can be replaced over ECDS; until it is, Envoy has the plugin from here. */
function discoveredFilter(plugin: Plugin, position: number): HttpFilter {
  const filter = wasmFilter(plugin);
  return {
    name: filterName(position),
    configType: {
      case: "configDiscovery",
      value: {
        configSource: overAds,
        defaultConfig: filter,
        applyDefaultConfigWithoutWarming: true,
        typeUrls: [filter.typeUrl],
      },
    },
  };
}

/** A plugin in the place of the one that stands at this position of the chain. */
export function filterResource(plugin: Plugin, position: number): Resource {
  return resource(TypedExtensionConfigSchema, {
    name: filterName(position),
    typedConfig: wasmFilter(plugin),
  });
}

function filterName(position: number): string {
  return `wasm.${position}`;
}
