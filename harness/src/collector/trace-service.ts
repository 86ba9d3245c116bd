import type { ServerUnaryCall } from "@grpc/grpc-js";
import {
  TraceService,
  type ExportTraceServiceRequest,
  type ExportTraceServiceResponse,
} from "../../api/opentelemetry/proto/collector/trace/v1/trace_service_pb.js";
import type { Span } from "../spans.ts";
import { definitionOf, thanks, type GrpcService } from "./grpc-service.ts";
import { attributesOf, spanOf } from "./span-of.ts";

/** `opentelemetry.proto.collector.trace.v1.TraceService`. */
export function traceService(take: (service: string, span: Span) => void): GrpcService {
  const method = TraceService.method.export;
  return {
    definition: { [method.name]: definitionOf(method) },
    handlers: {
      [method.name]: (
        { request }: ServerUnaryCall<ExportTraceServiceRequest, ExportTraceServiceResponse>,
        answer: (error: null, message: ExportTraceServiceResponse) => void,
      ) => {
        takeAll(request, take);
        answer(null, thanks(method));
      },
    },
  };
}

function takeAll(
  { resourceSpans }: ExportTraceServiceRequest,
  take: (service: string, span: Span) => void,
): void {
  for (const { resource, scopeSpans } of resourceSpans) {
    const service = String(attributesOf(resource?.attributes ?? [])["service.name"]);
    for (const span of scopeSpans.flatMap(({ spans }) => spans)) take(service, spanOf(span));
  }
}
