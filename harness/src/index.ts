/** Runs compiled proxy-wasm filters in an embedded host or a real Envoy, and shows what they did. */
export type { FromSchema } from "json-schema-to-ts";
export { backendNames, type BackendName } from "./backends.ts";
export { HarnessError, type HarnessErrorCode } from "./errors.ts";
export { findEnvoy, type EnvoyBinary } from "./envoy/find.ts";
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
export type { BodyInput, ReceivedRequest, ReceivedResponse, RequestInput, ResponseInput } from "./message.ts";
export { checkModule, type ModuleReport } from "./module/check.ts";
export type { Finding } from "./module/finding.ts";
export type {
  AccessLogEntry,
  HistogramSummary,
  LogEntry,
  LogLevel,
  TranscriptEntry,
  Trap,
} from "./observation.ts";
export type { Clock, StartedProxy } from "./proxy.ts";
export {
  startProxy,
  type Configuration,
  type PluginOptions,
  type ProxyOptions,
  type RouteOptions,
  type VirtualHostOptions,
} from "./start.ts";
export { statsTags, type StatsTag } from "./stats-tags.ts";
export type { Stats } from "./stats.ts";
export { Upstream, type UpstreamFault, type UpstreamHandler } from "./upstream.ts";
