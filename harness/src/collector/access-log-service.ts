import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { ServerReadableStream } from "@grpc/grpc-js";
import type { Address } from "../../api/envoy/config/core/v3/address_pb.js";
import type { HTTPAccessLogEntry } from "../../api/envoy/data/accesslog/v3/accesslog_pb.js";
import {
  AccessLogService,
  type StreamAccessLogsMessage,
  type StreamAccessLogsResponse,
} from "../../api/envoy/service/accesslog/v3/als_pb.js";
import { definitionOf, thanks, type GrpcService } from "./grpc-service.ts";

/** `envoy.service.accesslog.v3.AccessLogService`, for streams of HTTP. */
export function accessLogService(take: (entry: HTTPAccessLogEntry) => void): GrpcService {
  const method = AccessLogService.method.streamAccessLogs;
  return {
    definition: { [method.name]: definitionOf(method) },
    handlers: {
      [method.name]: (
        call: ServerReadableStream<StreamAccessLogsMessage, StreamAccessLogsResponse>,
        answer: (error: null, message: StreamAccessLogsResponse) => void,
      ) => {
        call.on("data", ({ logEntries }: StreamAccessLogsMessage) => {
          if (logEntries.case === "httpLogs") for (const entry of logEntries.value.logEntry) take(entry);
        });
        call.on("end", () => answer(null, thanks(method)));
      },
    },
  };
}

/**
 * What tells a stream from every other of an Envoy, in each of its access logs: the nanosecond of its start, and its
 * client's port.
 */
export function streamKey({ commonProperties }: HTTPAccessLogEntry): string {
  const { startTime, downstreamDirectRemoteAddress } = commonProperties ?? {};
  return `${nanosOf(startTime)}:${portOf(downstreamDirectRemoteAddress)}`;
}

function nanosOf(time: Timestamp | undefined): bigint {
  return time === undefined ? 0n : time.seconds * 1_000_000_000n + BigInt(time.nanos);
}

function portOf(address: Address | undefined): number {
  if (address?.address.case !== "socketAddress") return 0;
  const { portSpecifier } = address.address.value;
  return portSpecifier.case === "portValue" ? portSpecifier.value : 0;
}
