import type { Scenario } from "../backend.ts";
import { statsTags } from "../stats-tags.ts";
import { accessLogFormat } from "./access-log.ts";
import {
  answering,
  httpConnectionManager,
  router,
  routesTo,
  type HttpConnectionManager,
} from "./http-connection-manager.ts";
import { wasmFilter } from "./wasm-filter.ts";

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
 * without filters that answers by itself, through which `WorkerBarrier` reaches every worker thread.
 */
export function bootstrap(scenario: Scenario, ports: UpstreamPorts): object {
  return {
    node: { id: "proxy-wasm-harness", cluster: "proxy-wasm-harness" },
    admin: { address: loopback(0) },
    stats_config: { stats_tags: statsTags(scenario.plugins.flatMap(({ module }) => module.manifest.labels)) },
    stats_flush_on_admin: true, // histograms are merged when they are asked for
    static_resources: {
      listeners: [
        listener(proxyListener, scenario.envoy.port, proxyManager(scenario)),
        listener(barrierListener, 0, barrierManager()),
      ],
      clusters: [
        cluster(upstreamCluster, ports.upstream),
        ...Object.entries(ports.clusters).map(([name, port]) => cluster(name, port)),
        ...Object.entries(ports.grpcClusters).map(([name, port]) => cluster(name, port, http2)),
      ],
    },
  };
}

/** Workers take connections in turn: that makes tests of several workers, and the barrier, deterministic. */
function listener(name: string, port: number, manager: HttpConnectionManager): object {
  return {
    name,
    stat_prefix: name,
    address: loopback(port),
    enable_reuse_port: false,
    connection_balance_config: { exact_balance: {} },
    filter_chains: [{ filters: [httpConnectionManager(name, manager)] }],
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
