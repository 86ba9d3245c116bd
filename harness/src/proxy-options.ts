import type { EnvoySettings } from "./backend.ts";
import type { BackendName } from "./backends.ts";
import type { Coverage } from "./coverage/coverage.ts";
import type { AllocatorFault } from "./embedded/allocator-fault.ts";
import type { Faults } from "./faults.ts";
import type { GrpcUpstream } from "./grpc/upstream.ts";
import type { LimitOptions } from "./limits.ts";
import type { LogLevel } from "./observation.ts";
import { observingOptionNames, type ObservingOptions } from "./observing.ts";
import type { ListenerOptions, ServiceOptions } from "./plugin-options.ts";
import type { Upstream } from "./upstream.ts";
import type { VirtualHostOptions } from "./virtual-host.ts";

/**
 * What `startProxy` starts.
 *
 * @category Start a proxy
 */
export interface ProxyOptions extends ListenerOptions, ObservingOptions {
  /** Default `embedded`. */
  backend?: BackendName;
  /** The services of the proxy, beside its streams: Envoy's `bootstrap_extensions`. Default none. */
  services?: readonly ServiceOptions[];
  /** The filters come over ECDS, as with Istio's WasmPlugin: `proxy.configure` can be asked for. Default false. */
  configDiscovery?: boolean;
  /** The service behind the proxy. Default: one that answers `200 upstream`. */
  upstream?: Upstream;
  /** The services that filters can call, by the names of their clusters; `upstream` is the one behind the proxy. */
  clusters?: Readonly<Record<string, Upstream>>;
  /** The gRPC services that filters can call, by the names of their clusters, which `clusters` does not have. */
  grpcClusters?: Readonly<Record<string, GrpcUpstream>>;
  /** The routes and what they say to filters. Default: one route for every path. */
  virtualHost?: VirtualHostOptions;
  /** Level of Envoy's `wasm` logger, which the filters can ask for. Default `trace`, which fills the transcript too. */
  logLevel?: LogLevel;
  /** Counts the lines of the filters, in the embedded backend. Default: that of `vitest --coverage`, else none. */
  coverage?: Coverage;
  /** For the backends with a real Envoy; `concurrency` for the embedded one, too. */
  envoy?: Partial<EnvoySettings>;
  /** What a callback may take, in the embedded backend. Default: 2 s, and Envoy's 1 GiB of memory. */
  limits?: LimitOptions;
  /** Allocations for the host that fail, counted from the proxy's start, in the embedded backend. Default none. */
  allocatorFaults?: readonly AllocatorFault[];
  /** Sets what is to go wrong from the proxy's start on, while its plugins start too, in the embedded backend. Default nothing. */
  startFaults?: (faults: Faults) => void;
  /** A trap does not fail the test: responses and `proxy.traps` show it. Default false. */
  allowTraps?: boolean;
  /** Skips the module check, to see what a host does with an unsound module. Default false. */
  uncheckedModules?: boolean;
  /**
   * The folder that `.wasm` paths are relative to, and from which `filters/` is looked for upwards. Default: the
   * working folder.
   */
  relativeTo?: string;
}

export const proxyOptionNames = [
  "backend",
  "chain",
  "accessLoggers",
  "services",
  "configDiscovery",
  "upstream",
  "clusters",
  "grpcClusters",
  "virtualHost",
  "coverage",
  "logLevel",
  "envoy",
  "limits",
  "allocatorFaults",
  "startFaults",
  "allowTraps",
  "uncheckedModules",
  "relativeTo",
  ...observingOptionNames,
];
export const envoySettingNames = [
  ...["port", "concurrency", "drainSeconds", "version", "image", "pool", "sharedVms", "labels"],
];
