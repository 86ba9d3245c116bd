import type { MessageInitShape } from "@bufbuild/protobuf";
import { ApiVersion } from "../../api/envoy/config/core/v3/config_source_pb.js";
import { TypedExtensionConfigSchema } from "../../api/envoy/config/core/v3/extension_pb.js";
import { ClusterSchema, type Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { ListenerSchema } from "../../api/envoy/config/listener/v3/listener_pb.js";
import type { HttpFilterSchema } from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { ListenerPlugins, NetworkScenario, Plugin, Scenario } from "../backend.ts";
import { resource, type Resource } from "../xds/resource.ts";
import { accessLogFormat, connectionLogFormat } from "./access-log.ts";
import { cluster, http1, http2 } from "./cluster.ts";
import { httpConnectionManager, routesTo, stdoutLog, tcpProxy } from "./http-connection-manager.ts";
import type { Isolation } from "./isolation.ts";
import { listener } from "./listener.ts";
import { collectorLog, tracingAs } from "./observing-resources.ts";
import { wasmAccessLogger, wasmFilter, wasmNetworkFilter } from "./wasm-filter.ts";

/** The name of the listener, and the prefix of its stats, but for the mark of its isolation. */
export const proxyListener = "proxy";
export const upstreamCluster = "upstream";

/** Where the servers of a test listen, by the names of their clusters. */
export interface ServerPorts {
  readonly upstream: number;
  readonly clusters: Readonly<Record<string, number>>;
  readonly grpcClusters: Readonly<Record<string, number>>;
}

/** The clusters of a scenario. */
export function clustersOf(
  { upstream, clusters, grpcClusters }: ServerPorts,
  { mark }: Isolation,
): Cluster[] {
  const made = (name: string, port: number, protocol: typeof http1): Cluster =>
    cluster({ name, statName: `${name}${mark}`, port, protocol });
  return [
    made(upstreamCluster, upstream, http1),
    ...Object.entries(clusters).map(([name, port]) => made(name, port, http1)),
    ...Object.entries(grpcClusters).map(([name, port]) => made(name, port, http2)),
  ];
}

/** As xDS carries them. */
export function clusterResources(ports: ServerPorts, isolation: Isolation): Resource[] {
  return clustersOf(ports, isolation).map((message) => resource(ClusterSchema, message));
}

/** The listener of a scenario, with the plugins that it is to have now. */
export function httpListener(scenario: Scenario, plugins: ListenerPlugins, isolation: Isolation): Resource {
  const name = `${proxyListener}${isolation.mark}`;
  const { accessLog, isTraced } = scenario.observing;
  const manager = httpConnectionManager(name, {
    filters: isolation
      .plugins(plugins.plugins)
      .map(scenario.isConfigDiscovered ? discoveredFilter : inlineFilter),
    virtualHost: routesTo(upstreamCluster, scenario.virtualHost),
    accessLog: [
      ...isolation.plugins(plugins.accessLoggers).map(wasmAccessLogger),
      ...(accessLog === null ? [] : [collectorLog(accessLog)]),
      stdoutLog(accessLogFormat),
    ],
    tracing: isTraced ? tracingAs(isolation.service) : undefined,
    idleTimeoutMs: 300_000,
  });
  const { port } = scenario.envoy;
  return resource(ListenerSchema, listener({ name, statPrefix: name, port, filters: [manager] }));
}

/** As `httpListener`, with network filters before `tcp_proxy`. */
export function networkListener({ plugins, envoy }: NetworkScenario, isolation: Isolation): Resource {
  const name = `${proxyListener}${isolation.mark}`;
  const filters = [...isolation.plugins(plugins).map(wasmNetworkFilter), tcpProxy(name, upstreamCluster)];
  const accessLog = [stdoutLog(connectionLogFormat)];
  const { port } = envoy;
  return resource(ListenerSchema, listener({ name, statPrefix: name, port, filters, accessLog }));
}

type HttpFilter = MessageInitShape<typeof HttpFilterSchema>;

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
        configSource: {
          resourceApiVersion: ApiVersion.V3,
          configSourceSpecifier: { case: "ads", value: {} },
        },
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
