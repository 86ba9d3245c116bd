/** Runs compiled proxy-wasm filters in an embedded host or a real Envoy, and shows what they did. */
export { backendNames, type BackendName, type RealBackendName } from "./backends.ts";
export { startBootstrap, type BootstrapOptions } from "./bootstrap-file/start.ts";
export type { StartedBootstrap } from "./bootstrap-file/started-bootstrap.ts";
export { any } from "./envoy-api/any.ts";
export { envoyApi, knownApiVersions } from "./envoy-api/descriptors.ts";
export { BodyChunks, type BodyChunksOptions } from "./body-chunks.ts";
export { createAuthority, type Authority } from "./certificates/authority.ts";
export type { CertificateOptions, Identity, Validity } from "./certificates/identity.ts";
export { HarnessError, type HarnessErrorCode } from "./errors.ts";
export type { AllocatorFault } from "./embedded/allocator-fault.ts";
export { EnvoyPool } from "./envoy/envoy-pool.ts";
export { findEnvoy, type EnvoyBinary, type EnvoySearch } from "./envoy/find.ts";
export type { FailurePolicy } from "./failure-policy.ts";
export { exhaust } from "./exhaust/exhaust.ts";
export type { ExhaustOptions } from "./exhaust/options.ts";
export type { CallCount, DisturbedRun, ExhaustFinding, ExhaustReport } from "./exhaust/report.ts";
export type { RepeatedScenario } from "./exhaust/run.ts";
export type { FreshProxy, RepeatedOptions } from "./fresh-proxy.ts";
export type { FaultOptions, Faults, HostCallFault } from "./faults.ts";
export type { FilterConfigurations } from "./filter-configurations.ts";
export type { GrpcReceivedCall } from "./grpc/call.ts";
export type { GrpcAnswer, GrpcEnd, GrpcMessage, GrpcStep } from "./grpc/messages.ts";
export {
  GrpcUpstream,
  type GrpcStreamHandler,
  type GrpcUnaryHandler,
  type GrpcUnaryRequest,
} from "./grpc/upstream.ts";
export { HeaderList, type HeadersInput, type HeaderValue } from "./header-list.ts";
export type { Http2Error } from "./http2-errors.ts";
export type { Growing, Kept } from "./kept.ts";
export type { LimitOptions } from "./limits.ts";
export type { LintFinding } from "./lint/finding.ts";
export { lintResources, lintText, type LintOptions } from "./lint/lint.ts";
export { lintRules, type RuleName, type Severity } from "./lint/rules.ts";
export type {
  BodyInput,
  BodyStream,
  ReceivedRequest,
  ReceivedResponse,
  RequestInput,
  ResponseInput,
} from "./message.ts";
export { checkModule, type ModuleReport } from "./module/check.ts";
export type { Finding } from "./module/finding.ts";
export type {
  AccessLogEntry,
  EnvoyLogEntry,
  HistogramBucket,
  HistogramSummary,
  LogEntry,
  LogLevel,
  Trap,
} from "./observation.ts";
export type { EnvoyAdmin } from "./admin/envoy-admin.ts";
export type { ClusterStatus, EndpointStatus } from "./admin/cluster-status.ts";
export type { ConfigDump } from "./admin/config-dump.ts";
export type { ListenerStatus } from "./admin/listener-status.ts";
export type { LoadedModule } from "./admin/loaded-module.ts";
export type { CallbackName, CallName, HostCallName, ValueName } from "./module/abi-calls.ts";
export type { ErrnoName, StatusName } from "./module/abi-enums.ts";
export type { ProxyModule } from "./module/load.ts";
export type { AccessLogOptions, ObservingOptions } from "./observing.ts";
export type { Span, SpanAttribute } from "./spans.ts";
export type { StreamBytes, StreamDetails, StreamTimings } from "./stream-details.ts";
export type { ClientConnection } from "./client-connection.ts";
export type { Ending } from "./inbox.ts";
export type { StartedNetworkProxy } from "./network-proxy.ts";
export type { Clock } from "./observed-proxy.ts";
export type { StartedProxy } from "./proxy.ts";
export { startNetworkProxy, type NetworkProxyOptions } from "./start-network.ts";
export type { Configuration, ListenerOptions, PluginOptions, ServiceOptions } from "./plugin-options.ts";
export type { ProxyOptions } from "./proxy-options.ts";
export { startProxy } from "./start.ts";
export { everySplit, type EverySplitOptions, type SplitRun } from "./splits/every-split.ts";
export type { TriedSplits } from "./splits/choice.ts";
export type { SplitFinding, SplitReport } from "./splits/report.ts";
export { createCoverage, type Coverage, type CoverageOptions } from "./coverage/coverage.ts";
export { statsTags, type StatsTag } from "./stats-tags.ts";
export type { Stats } from "./stats.ts";
export { TcpUpstream, type DataInput, type TcpHandler, type UpstreamConnection } from "./tcp-upstream.ts";
export type { Gate } from "./upstreams/gate.ts";
export { UpstreamGroup } from "./upstreams/group.ts";
export type { UpstreamHealth } from "./upstreams/health.ts";
export type { RouteOptions, VirtualHostOptions } from "./virtual-host.ts";
export type {
  WebSocketClosing,
  WebSocketConnection,
  WebSocketHandler,
  WebSocketMessage,
} from "./websockets/connection.ts";
export type {
  TranscribedBytes,
  Transcript,
  TranscriptBytes,
  TranscriptEntry,
  TranscriptValue,
} from "./transcript/entry.ts";
export { Upstream, type UpstreamFault, type UpstreamHandler } from "./upstream.ts";
export { controlPlaneCluster } from "./own-names.ts";
export { adsBootstrap, type ClientOptions, type ClientParts } from "./xds/client-bootstrap.ts";
export { ControlPlane, type ControlPlaneOptions } from "./xds/control-plane.ts";
export type { Exchange } from "./xds/exchange.ts";
export { resource, type Resource } from "./xds/resource.ts";
export type { ResourceKey, Snapshot } from "./xds/snapshot.ts";
export type { Update } from "./xds/update.ts";
