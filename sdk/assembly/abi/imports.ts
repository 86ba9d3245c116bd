// The host functions of proxy-wasm ABI 0.2.1 and of WASI that the SDK calls, under their own names. Only those that
// a filter reaches become imports of its module.
import { BufferType, HeaderMapType, LogLevel, MetricType, Status, StreamType } from "./types";

// @ts-ignore: decorator
@external("env", "proxy_log")
export declare function proxy_log(level: LogLevel, message: usize, messageLength: i32): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_log_level")
export declare function proxy_get_log_level(level: usize): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_current_time_nanoseconds")
export declare function proxy_get_current_time_nanoseconds(time: usize): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_property")
export declare function proxy_get_property(
  path: usize,
  pathLength: i32,
  value: usize,
  valueLength: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_set_property")
export declare function proxy_set_property(
  path: usize,
  pathLength: i32,
  value: usize,
  valueLength: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_buffer_bytes")
export declare function proxy_get_buffer_bytes(
  buffer: BufferType,
  start: i32,
  maxLength: i32,
  bytes: usize,
  bytesLength: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_set_buffer_bytes")
export declare function proxy_set_buffer_bytes(
  buffer: BufferType,
  start: i32,
  length: i32,
  bytes: usize,
  bytesLength: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_header_map_value")
export declare function proxy_get_header_map_value(
  map: HeaderMapType,
  name: usize,
  nameLength: i32,
  value: usize,
  valueLength: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_header_map_pairs")
export declare function proxy_get_header_map_pairs(
  map: HeaderMapType,
  pairs: usize,
  pairsLength: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_set_header_map_pairs")
export declare function proxy_set_header_map_pairs(
  map: HeaderMapType,
  pairs: usize,
  pairsLength: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_add_header_map_value")
export declare function proxy_add_header_map_value(
  map: HeaderMapType,
  name: usize,
  nameLength: i32,
  value: usize,
  valueLength: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_replace_header_map_value")
export declare function proxy_replace_header_map_value(
  map: HeaderMapType,
  name: usize,
  nameLength: i32,
  value: usize,
  valueLength: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_remove_header_map_value")
export declare function proxy_remove_header_map_value(
  map: HeaderMapType,
  name: usize,
  nameLength: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_send_local_response")
export declare function proxy_send_local_response(
  status: i32,
  details: usize,
  detailsLength: i32,
  body: usize,
  bodyLength: i32,
  headers: usize,
  headersLength: i32,
  grpcStatus: i32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_continue_stream")
export declare function proxy_continue_stream(stream: StreamType): Status;

// @ts-ignore: decorator
@external("env", "proxy_close_stream")
export declare function proxy_close_stream(stream: StreamType): Status;

// @ts-ignore: decorator
@external("env", "proxy_set_effective_context")
export declare function proxy_set_effective_context(contextId: u32): Status;

// @ts-ignore: decorator
@external("env", "proxy_http_call")
export declare function proxy_http_call(
  cluster: usize,
  clusterLength: i32,
  headers: usize,
  headersLength: i32,
  body: usize,
  bodyLength: i32,
  trailers: usize,
  trailersLength: i32,
  timeoutMs: u32,
  token: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_grpc_call")
export declare function proxy_grpc_call(
  grpcService: usize,
  grpcServiceLength: i32,
  service: usize,
  serviceLength: i32,
  method: usize,
  methodLength: i32,
  metadata: usize,
  metadataLength: i32,
  message: usize,
  messageLength: i32,
  timeoutMs: u32,
  token: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_grpc_stream")
export declare function proxy_grpc_stream(
  grpcService: usize,
  grpcServiceLength: i32,
  service: usize,
  serviceLength: i32,
  method: usize,
  methodLength: i32,
  metadata: usize,
  metadataLength: i32,
  token: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_grpc_send")
export declare function proxy_grpc_send(
  token: u32,
  message: usize,
  messageLength: i32,
  endOfStream: bool,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_grpc_close")
export declare function proxy_grpc_close(token: u32): Status;

// @ts-ignore: decorator
@external("env", "proxy_grpc_cancel")
export declare function proxy_grpc_cancel(token: u32): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_status")
export declare function proxy_get_status(code: usize, message: usize, messageLength: usize): Status;

// @ts-ignore: decorator
@external("env", "proxy_call_foreign_function")
export declare function proxy_call_foreign_function(
  name: usize,
  nameLength: i32,
  argument: usize,
  argumentLength: i32,
  result: usize,
  resultLength: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_define_metric")
export declare function proxy_define_metric(
  type: MetricType,
  name: usize,
  nameLength: i32,
  id: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_increment_metric")
export declare function proxy_increment_metric(id: u32, offset: i64): Status;

// @ts-ignore: decorator
@external("env", "proxy_record_metric")
export declare function proxy_record_metric(id: u32, value: u64): Status;

// @ts-ignore: decorator
@external("env", "proxy_set_tick_period_milliseconds")
export declare function proxy_set_tick_period_milliseconds(periodMs: u32): Status;

// @ts-ignore: decorator
@external("env", "proxy_get_shared_data")
export declare function proxy_get_shared_data(
  key: usize,
  keyLength: i32,
  value: usize,
  valueLength: usize,
  cas: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_set_shared_data")
export declare function proxy_set_shared_data(
  key: usize,
  keyLength: i32,
  value: usize,
  valueLength: i32,
  cas: u32,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_register_shared_queue")
export declare function proxy_register_shared_queue(name: usize, nameLength: i32, token: usize): Status;

// @ts-ignore: decorator
@external("env", "proxy_resolve_shared_queue")
export declare function proxy_resolve_shared_queue(
  vmId: usize,
  vmIdLength: i32,
  name: usize,
  nameLength: i32,
  token: usize,
): Status;

// @ts-ignore: decorator
@external("env", "proxy_enqueue_shared_queue")
export declare function proxy_enqueue_shared_queue(token: u32, message: usize, messageLength: i32): Status;

// @ts-ignore: decorator
@external("env", "proxy_dequeue_shared_queue")
export declare function proxy_dequeue_shared_queue(token: u32, message: usize, messageLength: usize): Status;

// @ts-ignore: decorator
@external("env", "proxy_done")
export declare function proxy_done(): Status;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clock_time_get(clock: u32, precision: u64, time: usize): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get")
export declare function random_get(target: usize, length: i32): i32;
