import type { Coverage } from "./coverage/coverage.ts";
import type { AllocatorFault } from "./embedded/allocator-fault.ts";
import type { EnvoyPool } from "./envoy/envoy-pool.ts";
import type { Failing } from "./failure-policy.ts";
import type { Faults } from "./faults.ts";
import type { Inbox } from "./inbox.ts";
import type { TranscriptSource } from "./transcript/entry.ts";
import type { WasmModule } from "./module/load.ts";
import type { GrpcUpstream } from "./grpc/upstream.ts";
import type { Limits } from "./limits.ts";
import type { OutgoingRequest, ReceivedResponse } from "./message.ts";
import type {
  AccessLogEntry,
  EnvoyLogEntry,
  HistogramBucket,
  LogEntry,
  LogLevel,
  Trap,
} from "./observation.ts";
import type { Span } from "./spans.ts";
import type { TcpUpstream } from "./tcp-upstream.ts";
import type { Upstream } from "./upstream.ts";

/** One plugin, as Envoy's `envoy.extensions.wasm.v3.PluginConfig` has it. */
export interface Plugin {
  readonly name: string;
  readonly rootId: string;
  /** Plugins with equal vmId, VM configuration and module share one VM. */
  readonly vmId: string;
  /** What all plugins of the VM can read: `VmConfig.configuration`. */
  readonly vmConfiguration: Uint8Array;
  readonly module: WasmModule;
  /** What the filter reads in `proxy_on_configure`, byte for byte. */
  readonly configuration: Uint8Array;
  /** Headers can be held while the filter is shown the body: `PluginConfig.allow_on_headers_stop_iteration`. */
  readonly allowOnHeadersStopIteration: boolean;
  /** Default: closed. */
  readonly failing?: Failing;
  /** The host calls and callbacks that there are: `PluginConfig.capability_restriction_config`. Default: all. */
  readonly allowedCapabilities?: readonly string[];
}

/** A plugin without streams, as Envoy's `envoy.extensions.wasm.v3.WasmService` has it. */
export interface Service extends Plugin {
  /** It runs on Envoy's main thread alone, and not on each worker thread too. */
  readonly isSingleton: boolean;
}

/** The plugins that a running proxy can be given anew. */
export interface ListenerPlugins {
  /** The filters, in the order in which a request meets them. */
  readonly plugins: readonly Plugin[];
  /** Told of each stream that is over, in this order, when all filters have logged it. */
  readonly accessLoggers: readonly Plugin[];
}

/** What every backend starts from: a chain of filters before one upstream. */
export interface Scenario extends ListenerPlugins {
  readonly services: readonly Service[];
  /** The filters come over ECDS, so that `configure` can be asked for. */
  readonly isConfigDiscovered: boolean;
  readonly upstream: Upstream;
  /** The services that filters can call, by the names of their clusters. */
  readonly clusters: Readonly<Record<string, Upstream>>;
  /** The gRPC services that filters can call, by the names of their clusters. */
  readonly grpcClusters: Readonly<Record<string, GrpcUpstream>>;
  readonly virtualHost: VirtualHost;
  readonly observing: Observing;
  /** Level of Envoy's `wasm` logger, which is what `proxy_get_log_level` answers. */
  readonly logLevel: LogLevel;
  /** For the backends with a real Envoy. */
  readonly envoy: EnvoySettings;
  /** For the embedded backend. Default: `defaultLimits`. */
  readonly limits?: Limits;
  /** For the embedded backend: how many worker threads have VMs, as in Envoy. Default: one VM, and no threads. */
  readonly workers?: number;
  /** For the embedded backend: what goes wrong from its start on. Default nothing. */
  readonly faults?: Faults;
  /** For the embedded backend, from its start on. Default none. */
  readonly allocatorFaults?: readonly AllocatorFault[];
  /** For the embedded backend. Default: nothing is counted. */
  readonly coverage?: Coverage | null;
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
  /**
   * Worker threads, at most 1,000. Default 1. In the embedded backend, when it is given, every plugin has the VMs that Envoy
   * makes for so many, each worker's, the main thread's and those that only start; else it has one.
   */
  readonly concurrency: number;
  /** How long what an update replaces may go on with the connections that it has. Default 0, in an Envoy of the pool. */
  readonly drainSeconds?: number;
  /** Where Envoy comes from, and goes back to. Default: one that is started for the proxy and ends with it. */
  readonly pool?: EnvoyPool;
  /**
   * Users of one Envoy of the pool share VMs whose vm_id is "", with their shared data and queues: faster, but one test
   * sees what another left. Default false.
   */
  readonly sharedVms?: boolean;
  /** Labels of metrics that a configuration names; those that a module names itself are known. Default none. */
  readonly labels?: readonly string[];
  /** The image of the backend `container`. Default: the official one of `version`, else of Envoy 1.40.0. */
  readonly image?: string;
  /** A version, `1.38.2`, or any of a minor, `1.38`. Default: `ENVOY_VERSION`; without that, any. */
  readonly version?: string;
}

/** Everything that a running proxy has shown so far, complete for every stream that is logged and deleted. */
export interface Observation {
  /** Counters and gauges by name since the proxy started; the filters' own without Envoy's `wasmcustom.`. */
  readonly metrics: ReadonlyMap<string, bigint>;
  /** Histograms by name since the proxy started, each as its buckets from the lowest on. */
  readonly histograms: ReadonlyMap<string, readonly HistogramBucket[]>;
  readonly logs: readonly LogEntry[];
  readonly accessLog: readonly AccessLogEntry[];
  readonly transcript: TranscriptSource;
  readonly traps: readonly Trap[];
  /** What Envoy logged itself; null where there is no Envoy. */
  readonly envoyLogs: readonly EnvoyLogEntry[] | null;
  /** The spans of the streams; null when nobody asked for them. */
  readonly spans: readonly Span[] | null;
}

/** What an access log is asked for beside its fields, by names: filters may add or take them away. */
export interface AccessLogWanted {
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  readonly responseTrailers: readonly string[];
  readonly filterState: readonly string[];
}

/** What a real Envoy is to say besides. */
export interface Observing {
  /** Null when the four fields are enough. */
  readonly accessLog: AccessLogWanted | null;
  /** Every stream is traced. */
  readonly isTraced: boolean;
  /** The levels of Envoy's loggers, by their names; those that are not named stay at info. */
  readonly logLevels: Readonly<Record<string, LogLevel>>;
}

/** Nothing besides. */
export const observingNothing: Observing = { accessLog: null, isTraced: false, logLevels: {} };

/** What every running proxy gives, whatever it carries. */
export interface ObservedBackend extends AsyncDisposable {
  /** The traps seen so far, current for everything that has come back to the client. */
  traps(): readonly Trap[] | Promise<readonly Trap[]>;
  /** Lets so many milliseconds pass at once. Refused with `unsupported` where time is real. */
  advance(ms: number): Promise<void>;
  /** Time passes by `advance` alone from now on. Refused with `unsupported` where time is real. */
  freeze(): void;
  /** Moves the wall clock, and nothing else. Refused with `unsupported` where time is real. */
  shiftWallClock(ms: number): void;
  /** What is to go wrong in the filters. Refused with `unsupported` where the backend does not answer host calls. */
  faults(): Faults;
  /** The answer of Envoy's admin interface. Refused with `unsupported` where there is none. */
  admin(path: string): Promise<string>;
  /** What a Prometheus server would be given. Refused with `unsupported` where there is no such page. */
  prometheus(): Promise<string>;
  /**
   * Waits for what plugins have begun while they started: what there was when the test got the proxy. Its metrics and
   * histograms are those from before the plugins started, so that what they counted meanwhile is the test's.
   */
  baseline(): Promise<Observation>;
  /** Waits until every stream is logged and deleted. */
  settle(): Promise<Observation>;
}

/**
 * What a backend gives, and all that it has to give: `proxy.ts` builds everything that a test sees on it.
 */
export interface RunningProxy extends ObservedBackend {
  /** Sends one request and resolves with the whole response. Refused with `stream_stuck` or `timeout`. */
  send(request: OutgoingRequest): Promise<ReceivedResponse>;
  /** Takes other plugins in the place of the listener's; the old ones are told to end. Refused as starting is. */
  update(plugins: ListenerPlugins): Promise<void>;
  /** Takes another plugin in the place of one filter, while streams go on. Refused as starting is. */
  configure(plugin: Plugin, position: number): Promise<void>;
  /** Stops in an orderly way, so that plugins are told to end, and resolves with everything that was seen. */
  stop(): Promise<Observation>;
}

/** A client's end of a connection to the proxy. */
export interface RunningConnection {
  /** What the proxy has sent. */
  readonly inbox: Inbox;
  send(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  reset(): Promise<void>;
  /** Lets something happen that may change the inbox. Refused with `stream_stuck` or `timeout`. */
  progress(what: () => string): Promise<void>;
}

/** A proxy for connections: `network-proxy.ts` builds on it. */
export interface RunningNetworkProxy extends ObservedBackend {
  /** Connects to the proxy. */
  connect(): Promise<RunningConnection>;
}

/** A chain of network filters before one TCP upstream. */
export interface NetworkScenario extends Pick<
  Scenario,
  "plugins" | "clusters" | "logLevel" | "envoy" | "limits" | "workers" | "allocatorFaults" | "coverage"
> {
  readonly upstream: TcpUpstream;
}

/** As `StartBackend`, for network filters. */
export type StartNetworkBackend = (scenario: NetworkScenario) => Promise<RunningNetworkProxy>;

/** Starts a proxy; refused with `configuration_refused` and its cause when the filter or Envoy says no. */
export type StartBackend = (scenario: Scenario) => Promise<RunningProxy>;
