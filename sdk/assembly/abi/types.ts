/**
 * What a host call answers. Source: proxy-wasm ABI 0.2.1, `proxy_status_t`.
 *
 * @category Foreign functions
 */
export enum Status {
  /** It was done. */
  Ok = 0,
  /** There is no such thing, or not in this callback. */
  NotFound = 1,
  /** An argument is wrong, or the call is not allowed in this callback. */
  BadArgument = 2,
  /** The host could not put a value into its form for filters; of a property: its path leads to no value. */
  SerializationFailure = 3,
  /** The host could not read what it was given. */
  ParseFailure = 4,
  /** An expression is wrong. Envoy 1.40 answers `BadArgument` instead. */
  BadExpression = 5,
  /** An address lies outside of the module's memory, or memory for the result could not be had. */
  InvalidMemoryAccess = 6,
  /** A queue has no message. */
  Empty = 7,
  /** Somebody else has changed a shared value meanwhile. */
  CasMismatch = 8,
  /** The result is of another type than was asked for. Envoy 1.40 does not answer it. */
  ResultMismatch = 9,
  /** The host failed, or could not take on more: too many callouts, a call that it restricts. */
  InternalFailure = 10,
  /** A connection ended. Envoy 1.40 has it as the status of a callout, not of a call. */
  BrokenConnection = 11,
  /** The host does not have this, or not for this kind of stream. */
  Unimplemented = 12,
}

/**
 * Severity of a log line. Source: proxy-wasm ABI 0.2.1, `proxy_log_level_t`.
 *
 * @category Logging
 */
export enum LogLevel {
  /** Follows a single request through the filter. */
  Trace = 0,
  /** Helps whoever writes the filter. */
  Debug = 1,
  /** Tells an operator what happens. */
  Info = 2,
  /** Something is odd, and the filter copes. */
  Warn = 3,
  /** Something failed; a person has to look. */
  Error = 4,
  /** The filter cannot go on. */
  Critical = 5,
}

/**
 * What a stream callback tells the host to do next. Source: proxy-wasm ABI 0.2.1, `proxy_action_t`.
 *
 * @category Filters
 */
export enum Action {
  /** Hand the headers, the body chunk, the trailers, the connection or its data to the next filter. */
  Continue = 0,
  /** Hold them back; a body, or a connection's data, is buffered by the host meanwhile. */
  Pause = 1,
  /**
   * As `Pause`, but a body may be larger than the host's buffer: its sender waits while the buffer is full, where `Pause`
   * would end the stream. The next callback shows what has come since, and nothing of what is held. Elsewhere as `Pause`.
   */
  PauseSender = 2,
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

/**
 * What `onDone` of a plugin tells the host. Source: proxy-wasm ABI 0.2.1, `proxy_on_done`.
 *
 * @category Filters
 */
export enum Shutdown {
  /** The plugin has more to do, and says by `done()` when it has done it. */
  Later = 0,
  /** The plugin may be deleted. */
  Now = 1,
}

/** One of the two directions of a stream. Source: proxy-wasm ABI 0.2.1, `proxy_stream_type_t`. */
export enum StreamType {
  HttpRequest = 0,
  HttpResponse = 1,
  Downstream = 2,
  Upstream = 3,
}

/**
 * Which end closed a connection. Source: proxy-wasm ABI 0.2.1, `proxy_peer_type_t`.
 *
 * @category Connections
 */
export enum Peer {
  /** The host does not say; in Envoy 1.40 always so for the upstream. */
  Unknown = 0,
  /** The proxy, a filter of it, or the upstream through it. */
  Local = 1,
  /** The other end: for the downstream connection the client. */
  Remote = 2,
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
  NetworkDownstreamData = 2,
  NetworkUpstreamData = 3,
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
