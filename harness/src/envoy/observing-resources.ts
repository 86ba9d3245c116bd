import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { AccessLogSchema } from "../../api/envoy/config/accesslog/v3/accesslog_pb.js";
import type { RuntimeLayerSchema } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { ApiVersion } from "../../api/envoy/config/core/v3/config_source_pb.js";
import { GrpcServiceSchema } from "../../api/envoy/config/core/v3/grpc_service_pb.js";
import { OpenTelemetryConfigSchema } from "../../api/envoy/config/trace/v3/opentelemetry_pb.js";
import { HttpGrpcAccessLogConfigSchema } from "../../api/envoy/extensions/access_loggers/grpc/v3/als_pb.js";
import type { HttpConnectionManager_TracingSchema } from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { AccessLogWanted, Observing } from "../backend.ts";
import { any } from "../envoy-api/any.ts";
import { collectorName } from "../own-names.ts";
import { cluster, clusterMessage } from "../scenario/cluster.ts";
import { bareSurroundings, type Observers } from "../scenario/surroundings.ts";
import type { Isolation } from "./isolation.ts";

/** How Envoy counts the spans that it has sent, all tracers together. */
export const spansSent = "tracing.opentelemetry.spans_sent";

/** The collector of an Envoy. */
export function collectorCluster(port: number): Cluster {
  const parts = cluster(collectorName, `127.0.0.1:${port}`, { protocol: "h2" });
  return clusterMessage(parts, bareSurroundings(""));
}

const toCollector = create(GrpcServiceSchema, {
  targetSpecifier: { case: "envoyGrpc", value: { clusterName: collectorName } },
});

/** Spans are sent as soon as they are over. The layer on top is the one that Envoy has by default. */
export const runtimeLayers: MessageInitShape<typeof RuntimeLayerSchema>[] = [
  {
    name: "observing",
    layerSpecifier: { case: "staticLayer", value: { "tracing.opentelemetry.min_flush_spans": 1 } },
  },
  { name: "admin", layerSpecifier: { case: "adminLayer", value: {} } },
];

/** By which the streams of one of Envoy's users are told of. */
export function observersFor({ accessLog, isTraced }: Observing, { service }: Isolation): Observers {
  return {
    ...(isTraced && { tracing: tracingAs(service) }),
    ...(accessLog !== null && { accessLog: [collectorLog(accessLog)] }),
  };
}

/** An access log that tells the collector of each stream as soon as it is over. */
function collectorLog(wanted: AccessLogWanted): MessageInitShape<typeof AccessLogSchema> {
  const value = any(HttpGrpcAccessLogConfigSchema, {
    commonConfig: {
      logName: "streams",
      transportApiVersion: ApiVersion.V3,
      grpcService: toCollector,
      bufferSizeBytes: 0,
      bufferFlushInterval: durationFromMs(1_000),
      filterStateObjectsToLog: [...wanted.filterState],
    },
    additionalRequestHeadersToLog: [...wanted.requestHeaders],
    additionalResponseHeadersToLog: [...wanted.responseHeaders],
    additionalResponseTrailersToLog: [...wanted.responseTrailers],
  });
  return { name: "envoy.access_loggers.http_grpc", configType: { case: "typedConfig", value } };
}

/** Every stream is traced, with a span for each request to the upstream, under the name of a service. */
function tracingAs(serviceName: string): MessageInitShape<typeof HttpConnectionManager_TracingSchema> {
  const value = any(OpenTelemetryConfigSchema, { grpcService: toCollector, serviceName });
  return {
    clientSampling: { value: 100 },
    randomSampling: { value: 100 },
    overallSampling: { value: 100 },
    spawnUpstreamSpan: true,
    provider: { name: "envoy.tracers.opentelemetry", configType: { case: "typedConfig", value } },
  };
}
