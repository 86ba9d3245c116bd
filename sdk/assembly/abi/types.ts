/** What a host call answers. Source: proxy-wasm ABI 0.2.1, `proxy_status_t`. */
export enum Status {
  Ok = 0,
  NotFound = 1,
  BadArgument = 2,
  SerializationFailure = 3,
  ParseFailure = 4,
  BadExpression = 5,
  InvalidMemoryAccess = 6,
  Empty = 7,
  CasMismatch = 8,
  ResultMismatch = 9,
  InternalFailure = 10,
  BrokenConnection = 11,
  Unimplemented = 12,
}

/** Severity of a log line. Source: proxy-wasm ABI 0.2.1, `proxy_log_level_t`. */
export enum LogLevel {
  Trace = 0,
  Debug = 1,
  Info = 2,
  Warn = 3,
  Error = 4,
  Critical = 5,
}

/** What a stream callback tells the host to do next. Source: proxy-wasm ABI 0.2.1, `proxy_action_t`. */
export enum Action {
  /** Hand the headers, the body chunk or the trailers to the next filter. */
  Continue = 0,
  /** Hold them back; a body is buffered by the host meanwhile. */
  Pause = 1,
}

/**
 * What the host does after a callback for headers. Source: Envoy's `FilterHeadersStatus` by its number in the ABI; 1
 * means 4 where the plugin's configuration lacks `allow_on_headers_stop_iteration`, and 2 means 0.
 */
export enum HeadersVerdict {
  Continue = 0,
  /** Holds the headers alone: the body is shown to the filter. */
  HoldHeaders = 1,
  /** Holds the headers and all that follows, which is shown to the filter when it resumes. */
  HoldAll = 4,
}

/** One of the two directions of a stream. Source: proxy-wasm ABI 0.2.1, `proxy_stream_type_t`. */
export enum StreamType {
  HttpRequest = 0,
  HttpResponse = 1,
}

/** A list of name-value pairs that the host keeps. Source: proxy-wasm ABI 0.2.1, `proxy_header_map_type_t`. */
export enum HeaderMapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  GrpcReceiveInitialMetadata = 4,
  GrpcReceiveTrailingMetadata = 5,
  HttpCallResponseHeaders = 6,
  HttpCallResponseTrailers = 7,
}

/** A run of bytes that the host keeps. Source: proxy-wasm ABI 0.2.1, `proxy_buffer_type_t`. */
export enum BufferType {
  HttpRequestBody = 0,
  HttpResponseBody = 1,
  HttpCallResponseBody = 4,
  GrpcReceiveBuffer = 5,
  VmConfiguration = 6,
  PluginConfiguration = 7,
}

/** How a metric adds up. Source: proxy-wasm ABI 0.2.1, `proxy_metric_type_t`. */
export enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}
