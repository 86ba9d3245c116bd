import type { NetworkScenario, Scenario } from "../backend.ts";
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
import { wasmFilter, wasmNetworkFilter } from "./wasm-filter.ts";

/** The names by which the harness finds its listeners, and the prefixes of their stats. */
export const proxyListener = "proxy";
export const barrierListener = "barrier";
export const upstreamCluster = "upstream";

/** Where the servers of the test listen. */
export interface UpstreamPorts {
  readonly upstream: number;
  readonly clusters: Readonly<Record<string, number>>;
}

/**
 * Envoy's whole configuration for a scenario: a listener with the filters before one cluster, and a second listener
 * without filters that answers by itself, through which `WorkerBarrier` reaches every worker thread.
 */
export function bootstrap(scenario: Scenario, ports: UpstreamPorts): object {
  const manager = httpConnectionManager(proxyListener, proxyManager(scenario));
  return bootstrapWith(scenario, ports, listener(proxyListener, scenario.envoy.port, [manager]));
}

/** As `bootstrap`, with network filters before `tcp_proxy`. */
export function networkBootstrap(scenario: NetworkScenario, ports: UpstreamPorts): object {
  const { plugins, envoy } = scenario;
  const filters = [...plugins.map(wasmNetworkFilter), tcpProxy(proxyListener, upstreamCluster)];
  const proxy = {
    ...listener(proxyListener, envoy.port, filters),
    access_log: [stdoutLog(connectionLogFormat)],
  };
  return bootstrapWith(scenario, ports, proxy);
}

function bootstrapWith(scenario: Pick<Scenario, "plugins">, ports: UpstreamPorts, proxy: object): object {
  return {
    node: { id: "proxy-wasm-harness", cluster: "proxy-wasm-harness" },
    admin: { address: loopback(0) },
    stats_config: { stats_tags: statsTags(scenario.plugins.flatMap(({ module }) => module.manifest.labels)) },
    stats_flush_on_admin: true, // histograms are merged when they are asked for
    static_resources: {
      listeners: [
        proxy,
        listener(barrierListener, 0, [httpConnectionManager(barrierListener, barrierManager())]),
      ],
      clusters: [
        cluster(upstreamCluster, ports.upstream),
        ...Object.entries(ports.clusters).map(([name, port]) => cluster(name, port)),
      ],
    },
  };
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

function proxyManager(scenario: Scenario): HttpConnectionManager {
  return {
    filters: [...scenario.plugins.map(wasmFilter), router],
    virtualHost: routesTo(upstreamCluster, scenario.virtualHost),
    accessLog: accessLogFormat,
    idleTimeout: "300s",
  };
}

function barrierManager(): HttpConnectionManager {
  return { filters: [router], virtualHost: answering(barrierListener, 200), idleTimeout: "0s" };
}

function cluster(name: string, port: number): object {
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
        explicit_http_config: { http_protocol_options: { enable_trailers: true } },
      },
    },
  };
}

function loopback(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
