import type { WasmModule } from "./module/load.ts";
import type { GrpcUpstream } from "./grpc/upstream.ts";
import type { OutgoingRequest, ReceivedResponse } from "./message.ts";
import type {
  AccessLogEntry,
  HistogramSummary,
  LogEntry,
  LogLevel,
  TranscriptEntry,
  Trap,
} from "./observation.ts";
import type { Upstream } from "./upstream.ts";

/** One Wasm filter in the chain, as Envoy's `envoy.extensions.wasm.v3.PluginConfig` has it. */
export interface Plugin {
  readonly name: string;
  readonly rootId: string;
  /** Plugins with equal vmId and module share one VM. */
  readonly vmId: string;
  readonly module: WasmModule;
  /** What the filter reads in `proxy_on_configure`, byte for byte. */
  readonly configuration: Uint8Array;
  /** Headers can be held while the filter is shown the body: `PluginConfig.allow_on_headers_stop_iteration`. */
  readonly allowOnHeadersStopIteration: boolean;
}

/** What every backend starts from: a chain of filters before one upstream. */
export interface Scenario {
  readonly plugins: readonly Plugin[];
  readonly upstream: Upstream;
  /** The services that filters can call, by the names of their clusters. */
  readonly clusters: Readonly<Record<string, Upstream>>;
  /** The gRPC services that filters can call, by the names of their clusters. */
  readonly grpcClusters: Readonly<Record<string, GrpcUpstream>>;
  readonly virtualHost: VirtualHost;
  /** Level of Envoy's `wasm` logger, which is what `proxy_get_log_level` answers. */
  readonly logLevel: LogLevel;
  /** For the backends with a real Envoy. */
  readonly envoy: EnvoySettings;
}

/** Settings by namespace, as in Envoy's `metadata.filter_metadata`: JSON objects. */
export type Metadata = Readonly<Record<string, object>>;

/** One way of a request to the upstream. */
export interface Route {
  readonly name: string;
  /** How the path begins. */
  readonly prefix: string;
  readonly metadata: Metadata;
}

/** Where requests go: the first route whose prefix fits. All lead to the upstream. */
export interface VirtualHost {
  readonly name: string;
  readonly metadata: Metadata;
  readonly routes: readonly Route[];
}

export interface EnvoySettings {
  /** The listener's port on 127.0.0.1. Default 0: any free one. */
  readonly port: number;
  /** Worker threads. Default 1. */
  readonly concurrency: number;
}

/** Everything that a running proxy has shown so far, complete for every stream that is logged and deleted. */
export interface Observation {
  /** Counters and gauges by name since the proxy started; the filters' own without Envoy's `wasmcustom.`. */
  readonly metrics: ReadonlyMap<string, bigint>;
  /** The filters' histograms by name since the proxy started. */
  readonly histograms: ReadonlyMap<string, HistogramSummary>;
  readonly logs: readonly LogEntry[];
  readonly accessLog: readonly AccessLogEntry[];
  readonly transcript: readonly TranscriptEntry[];
  readonly traps: readonly Trap[];
}

/**
 * What a backend gives, and all that it has to give: `proxy.ts` builds everything that a test sees on it.
 */
export interface RunningProxy extends AsyncDisposable {
  /** Sends one request and resolves with the whole response. Refused with `stream_stuck` or `timeout`. */
  send(request: OutgoingRequest): Promise<ReceivedResponse>;
  /** The traps seen so far, current for every response that `send` has returned. */
  traps(): Promise<readonly Trap[]>;
  /** Lets so many milliseconds pass at once. Refused with `unsupported` where time is real. */
  advance(ms: number): Promise<void>;
  /** What a Prometheus server would be given. Refused with `unsupported` where there is no such page. */
  prometheus(): Promise<string>;
  /** Waits until every stream is logged and deleted. */
  settle(): Promise<Observation>;
}

/** Starts a proxy; refused with `configuration_refused` and its cause when the filter or Envoy says no. */
export type StartBackend = (scenario: Scenario) => Promise<RunningProxy>;
