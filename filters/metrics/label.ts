import { labelNames } from "as-proxy-wasm";

/** What a series can be told by; the order is that of `LABELS`. Those up to `Path` are known from the request's headers. */
export enum Label {
  Method,
  Path,
  Route,
  VirtualHost,
  Cluster,
  ResponseCode,
  ResponseCodeClass,
  ResponseFlags,
  GrpcResponseStatus,
  RequestProtocol,
  SourcePrincipal,
}

/** The labels by their names, in the configuration and in Prometheus. */
export const LABELS = labelNames([
  "method",
  "path",
  "route",
  "virtual_host",
  "cluster",
  "response_code",
  "response_code_class",
  "response_flags",
  "grpc_response_status",
  "request_protocol",
  "source_principal",
]);

/** A label that the counters of errors have beside those of the configuration. */
const ERROR = labelNames(["error"]);

/** Labels that gauges have, and those that Prometheus has a meaning for. */
const FOREIGN = ["worker", "le", "quantile"];

/** Whether the filter or Prometheus has a meaning for this label. */
export function isReserved(label: string): bool {
  const isForeign = label.charCodeAt(0) == 0x5f && label.charCodeAt(1) == 0x5f;
  return isForeign || LABELS.indexOf(label) >= 0 || FOREIGN.indexOf(label) >= 0 || label == ERROR[0];
}
