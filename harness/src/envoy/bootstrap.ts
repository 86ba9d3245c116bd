import { allPlugins } from "../all-plugins.ts";
import type { ListenerPlugins, NetworkScenario, Plugin, Scenario, Service } from "../backend.ts";
import { statsTags } from "../stats-tags.ts";
import { accessLogFormat, connectionLogFormat } from "./access-log.ts";
import {
  answering,
  httpConnectionManager,
  router,
  routesTo,
  stdoutLog,
  tcpProxy,
  type HttpConnectionManager,
} from "./http-connection-manager.ts";
import { wasmAccessLogger, wasmService } from "./wasm-extensions.ts";
import { wasmFilter, wasmNetworkFilter } from "./wasm-filter.ts";

/** The names by which the harness finds its listeners, and the prefixes of their stats. */
export const proxyListener = "proxy";
export const barrierListener = "barrier";
export const upstreamCluster = "upstream";

/** Where the servers of the test listen. */
export interface UpstreamPorts {
  readonly upstream: number;
  readonly clusters: Readonly<Record<string, number>>;
  readonly grpcClusters: Readonly<Record<string, number>>;
}

/**
 * Envoy's whole configuration for a scenario: a listener with the filters before one cluster, and a second listener
 * without filters that answers by itself, through which `WorkerBarrier` reaches every worker thread. The first one is
 * not there when the scenario is updatable, for it comes over LDS then.
 */
export function bootstrap(scenario: Scenario, ports: UpstreamPorts): object {
  const listeners = scenario.isUpdatable ? [] : [scenarioListener(scenario, scenario)];
  return bootstrapWith({ plugins: allPlugins(scenario), services: scenario.services, listeners }, ports);
}

/** As `bootstrap`, with network filters before `tcp_proxy`. */
export function networkBootstrap({ plugins, envoy }: NetworkScenario, ports: UpstreamPorts): object {
  const filters = [...plugins.map(wasmNetworkFilter), tcpProxy(proxyListener, upstreamCluster)];
  const proxy = {
    ...listener(proxyListener, envoy.port, filters),
    access_log: [stdoutLog(connectionLogFormat)],
  };
  return bootstrapWith({ plugins, services: [], listeners: [proxy] }, ports);
}

/** What a bootstrap has beside the barrier and the clusters. */
interface Contents {
  readonly plugins: readonly Plugin[];
  readonly services: readonly Service[];
  readonly listeners: readonly object[];
}

function bootstrapWith({ plugins, services, listeners }: Contents, ports: UpstreamPorts): object {
  return {
    node: { id: "proxy-wasm-harness", cluster: "proxy-wasm-harness" },
    admin: { address: loopback(0) },
    stats_config: { stats_tags: statsTags(plugins.flatMap(({ module }) => module.manifest.labels)) },
    stats_flush_on_admin: true, // histograms are merged when they are asked for
    bootstrap_extensions: services.map(wasmService),
    static_resources: {
      listeners: [
        ...listeners,
        listener(barrierListener, 0, [httpConnectionManager(barrierListener, barrierManager())]),
      ],
      clusters: [
        cluster(upstreamCluster, ports.upstream),
        ...Object.entries(ports.clusters).map(([name, port]) => cluster(name, port)),
        ...Object.entries(ports.grpcClusters).map(([name, port]) => cluster(name, port, http2)),
      ],
    },
  };
}

/** The listener of a scenario, with the plugins that it is to have now. */
export function scenarioListener(scenario: Scenario, plugins: ListenerPlugins): object {
  const manager = httpConnectionManager(proxyListener, proxyManager(scenario, plugins));
  return listener(proxyListener, scenario.envoy.port, [manager]);
}

/** Workers take connections in turn: that makes tests of several workers, and the barrier, deterministic. */
function listener(name: string, port: number, filters: readonly object[]): object {
  return {
    name,
    stat_prefix: name,
    address: loopback(port),
    enable_reuse_port: false,
    connection_balance_config: { exact_balance: {} },
    filter_chains: [{ filters }],
  };
}

function proxyManager(scenario: Scenario, listener: ListenerPlugins): HttpConnectionManager {
  return {
    filters: [...listener.plugins.map(wasmFilter), router],
    accessLoggers: listener.accessLoggers.map(wasmAccessLogger),
    virtualHost: routesTo(upstreamCluster, scenario.virtualHost),
    accessLog: accessLogFormat,
    idleTimeout: "300s",
  };
}

function barrierManager(): HttpConnectionManager {
  return { filters: [router], virtualHost: answering(barrierListener, 200), idleTimeout: "0s" };
}

/** What is spoken with the servers of a cluster. */
const http1 = { http_protocol_options: { enable_trailers: true } };
const http2 = { http2_protocol_options: {} };

function cluster(name: string, port: number, protocol: object = http1): object {
  return {
    name,
    type: "STATIC",
    connect_timeout: "5s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: loopback(port) } }] }],
    },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config: protocol,
      },
    },
  };
}

function loopback(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
