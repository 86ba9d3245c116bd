import { create } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import {
  AccessLogCommonSchema,
  HTTPAccessLogEntry_HTTPVersion,
  HTTPRequestPropertiesSchema,
  HTTPResponsePropertiesSchema,
  type AccessLogCommon,
  type HTTPAccessLogEntry,
  type HTTPRequestProperties,
  type HTTPResponseProperties,
} from "../../api/envoy/data/accesslog/v3/accesslog_pb.js";
import { AddressSchema } from "../../api/envoy/config/core/v3/address_pb.js";
import { addressText } from "../envoy-api/address-text.ts";
import type { StreamBytes, StreamDetails, StreamTimings } from "../stream-details.ts";
import { valueOf } from "./any-value.ts";

const protocols: Readonly<Record<HTTPAccessLogEntry_HTTPVersion, string>> = {
  [HTTPAccessLogEntry_HTTPVersion.PROTOCOL_UNSPECIFIED]: "",
  [HTTPAccessLogEntry_HTTPVersion.HTTP10]: "HTTP/1.0",
  [HTTPAccessLogEntry_HTTPVersion.HTTP11]: "HTTP/1.1",
  [HTTPAccessLogEntry_HTTPVersion.HTTP2]: "HTTP/2",
  [HTTPAccessLogEntry_HTTPVersion.HTTP3]: "HTTP/3",
};

/** An entry as tests read it, but for what has no field in it. */
export function detailsOf(entry: HTTPAccessLogEntry): Omit<StreamDetails, "responseFlags"> {
  const common = entry.commonProperties ?? create(AccessLogCommonSchema);
  const request = entry.request ?? create(HTTPRequestPropertiesSchema);
  const response = entry.response ?? create(HTTPResponsePropertiesSchema);
  return {
    protocol: protocols[entry.protocolVersion],
    requestId: request.requestId,
    routeName: common.routeName,
    ...upstreamOf(common),
    durationMs: msOf(common.duration) ?? 0,
    timings: timingsOf(common),
    bytes: bytesOf(common, request, response),
    requestHeaders: request.requestHeaders,
    responseHeaders: response.responseHeaders,
    responseTrailers: response.responseTrailers,
    metadata: common.metadata?.filterMetadata ?? {},
    filterState: Object.fromEntries(
      Object.entries(common.filterStateObjects).map(([name, value]) => [name, valueOf(value)]),
    ),
  };
}

function upstreamOf(
  common: AccessLogCommon,
): Pick<StreamDetails, "upstreamCluster" | "upstreamAddress" | "upstreamFailure" | "attempts"> {
  return {
    upstreamCluster: common.upstreamCluster,
    upstreamAddress: addressText(common.upstreamRemoteAddress ?? create(AddressSchema)),
    upstreamFailure: common.upstreamTransportFailureReason,
    attempts: common.upstreamRequestAttemptCount,
  };
}

function timingsOf(common: AccessLogCommon): StreamTimings {
  return {
    requestReceivedMs: msOf(common.timeToLastRxByte),
    upstreamRequestBeganMs: msOf(common.timeToFirstUpstreamTxByte),
    upstreamRequestSentMs: msOf(common.timeToLastUpstreamTxByte),
    upstreamResponseBeganMs: msOf(common.timeToFirstUpstreamRxByte),
    upstreamResponseReceivedMs: msOf(common.timeToLastUpstreamRxByte),
    responseBeganMs: msOf(common.timeToFirstDownstreamTxByte),
    responseSentMs: msOf(common.timeToLastDownstreamTxByte),
  };
}

function bytesOf(
  common: AccessLogCommon,
  request: HTTPRequestProperties,
  response: HTTPResponseProperties,
): StreamBytes {
  return {
    requestHeaders: Number(request.requestHeadersBytes),
    requestBody: Number(request.requestBodyBytes),
    responseHeaders: Number(response.responseHeadersBytes),
    responseBody: Number(response.responseBodyBytes),
    downstreamReceived: Number(common.downstreamWireBytesReceived),
    downstreamSent: Number(common.downstreamWireBytesSent),
    upstreamReceived: Number(common.upstreamWireBytesReceived),
    upstreamSent: Number(common.upstreamWireBytesSent),
  };
}

function msOf(duration: Duration | undefined): number | null {
  return duration === undefined ? null : Number(duration.seconds) * 1e3 + duration.nanos / 1e6;
}
