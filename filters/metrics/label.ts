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

/** Labels that some metrics have beside those of the configuration, and those that Prometheus has a meaning for. */
export const RESERVED = ["worker", "le", "quantile"].concat(labelNames(["error"]));
